/** Who and what the ids in messages stand for, as the current persona sees them. */

export class Directory {
  constructor(state, me) {
    this.me = me;
    this.bot = state.bot;
    this.personas = new Map(state.personas.map((one) => [one.id, one]));
    this.channels = new Map(state.channels.map((one) => [one.id, one]));
    this.usergroups = new Map((state.usergroups ?? []).map((one) => [one.id, one]));
  }

  userName(id) {
    if (id === this.bot.user_id) return this.bot.name;
    return this.personas.get(id)?.real_name ?? id;
  }

  channelName(id) {
    const channel = this.channels.get(id);
    if (!channel?.is_im) return channel?.name ?? id;
    const other = channel.members.find((member) => member !== this.me.id);
    return other ? this.userName(other) : channel.name;
  }

  usergroupName(id) {
    return this.usergroups.get(id)?.handle ?? id;
  }

  /** The people in a channel, the app last, as choices for a select or a completion. */
  people(channelId = null) {
    const members = channelId ? new Set(this.channels.get(channelId)?.members ?? []) : null;
    const people = [...this.personas.values()]
      .filter((one) => members === null || members.has(one.id))
      .map((one) => ({ id: one.id, handle: one.name, name: one.real_name, note: one.team.name }));
    people.push({ id: this.bot.user_id, handle: this.bot.name, name: this.bot.name, note: "App" });
    return people;
  }

  /** The name as written in running text: "#general", or the other person of a conversation. */
  channelTitle(id) {
    const name = this.channelName(id);
    return this.channels.get(id)?.is_im ? name : `#${name}`;
  }

  /** The channels the persona is in. */
  mine() {
    return [...this.channels.values()].filter(
      (one) => one.members.includes(this.me.id) && !one.is_archived,
    );
  }
}
