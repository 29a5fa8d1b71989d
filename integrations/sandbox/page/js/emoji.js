/** The emoji names that apps in the sandbox use; an unknown name stays `:name:` as typed. */

const NAMES = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌",
  negative_squared_cross_mark: "❎", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫",
  grey_question: "❔", question: "❓", grey_exclamation: "❕", exclamation: "❗",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", stopwatch: "⏱️", alarm_clock: "⏰",
  clock1: "🕐", clock9: "🕘", timer_clock: "⏲️", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️",
  tada: "🎉", confetti_ball: "🎊", wave: "👋", bell: "🔔", no_bell: "🔕", rocket: "🚀",
  large_red_circle: "🔴", red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡",
  large_green_circle: "🟢", large_blue_circle: "🔵", large_purple_circle: "🟣",
  white_circle: "⚪", black_circle: "⚫", large_green_square: "🟩", large_red_square: "🟥",
  large_yellow_square: "🟨", white_large_square: "⬜", black_large_square: "⬛",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", raised_hands: "🙌", clap: "👏",
  pray: "🙏", muscle: "💪", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇",
  raising_hand: "🙋", sos: "🆘", eyes: "👀", speech_balloon: "💬", thought_balloon: "💭",
  smile: "😄", slightly_smiling_face: "🙂", grinning: "😀", blush: "😊", wink: "😉",
  thinking_face: "🤔", confused: "😕", disappointed: "😞", sweat_smile: "😅", robot_face: "🤖",
  lock: "🔒", unlock: "🔓", key: "🔑", closed_lock_with_key: "🔐", shield: "🛡️",
  link: "🔗", paperclip: "📎", page_facing_up: "📄", bar_chart: "📊", clipboard: "📋",
  memo: "📝", pencil2: "✏️", pencil: "📝", package: "📦", inbox_tray: "📥", outbox_tray: "📤",
  file_folder: "📁", open_file_folder: "📂", card_index_dividers: "🗂️", bookmark_tabs: "📑",
  email: "📧", envelope: "✉️", incoming_envelope: "📨", telephone_receiver: "📞", phone: "☎️",
  mag: "🔍", mag_right: "🔎", bulb: "💡", gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️",
  hammer: "🔨", construction: "🚧", construction_worker: "👷", building_construction: "🏗️",
  office: "🏢", house: "🏠", bricks: "🧱", toolbox: "🧰", electric_plug: "🔌", zap: "⚡",
  fire: "🔥", star: "⭐", sparkles: "✨", trophy: "🏆", dart: "🎯", checkered_flag: "🏁",
  triangular_flag_on_post: "🚩", moneybag: "💰", dollar: "💵", ledger: "📒", books: "📚",
  book: "📖", information_source: "ℹ️", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️",
  arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", fast_forward: "⏩",
  double_vertical_bar: "⏸️", pause_button: "⏸️", arrow_forward: "▶️", stop_button: "⏹️",
  zzz: "💤", sleeping: "😴", sunrise: "🌅", sunny: "☀️", coffee: "☕", busts_in_silhouette: "👥",
  bust_in_silhouette: "👤", handshake: "🤝", heart: "❤️", green_heart: "💚", broken_heart: "💔",
  small_red_triangle: "🔺", small_blue_diamond: "🔹", small_orange_diamond: "🔸",
  rotating_light: "🚨", mega: "📣", loudspeaker: "📢", recycle: "♻️", wastebasket: "🗑️",
  heavy_plus_sign: "➕", heavy_minus_sign: "➖", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣",
  five: "5️⃣", six: "6️⃣", seven: "7️⃣", eight: "8️⃣", nine: "9️⃣", keycap_ten: "🔟", 100: "💯",
};

const EMOJI = new Map(Object.entries(NAMES));

/** The characters for a name without colons, or null. */
export const emoji = (name) => EMOJI.get(name) ?? null;

const SHORTCODE = /:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/g;

/** Replaces the short codes in a plain text. */
export function withEmoji(text) {
  return text.replace(SHORTCODE, (whole, name) => EMOJI.get(name) ?? whole);
}
