/** Times as a person reads them, always in the persona's own time zone. */

const LOCALE = "en-AU";
const DAY = 86400000;

const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A zone the browser knows: the one asked for, else its own. */
export function knownZone(zone) {
  if (!zone) return BROWSER_ZONE;
  try {
    new Intl.DateTimeFormat(LOCALE, { timeZone: zone });
    return zone;
  } catch {
    return BROWSER_ZONE;
  }
}

const formatters = new Map();

/** Making a formatter takes far longer than using it, and each message needs the same few. */
function format(date, zone, options, locale = LOCALE) {
  const key = JSON.stringify([locale, zone, options]);
  let known = formatters.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    formatters.set(key, known);
  }
  return known.format(date);
}

/** A Slack `ts` ("1763766000.000100") as a Date. */
export const tsDate = (ts) => new Date(Number.parseFloat(ts) * 1000);

export const clockTime = (date, zone) =>
  format(date, zone, { hour: "numeric", minute: "2-digit", hour12: true });

export const fullTime = (date, zone) =>
  format(date, zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });

/** "Sun 22 Nov 2026, 9:02 am AEDT", for the world's clock. */
export function worldTime(date, zone) {
  const day = format(date, zone, { weekday: "short", day: "numeric", month: "short" });
  const time = format(date, zone, {
    hour: "numeric",
    minute: "2-digit",
    hour12: true,
    timeZoneName: "short",
  });
  return { day: `${day} ${format(date, zone, { year: "numeric" })}`, time };
}

/** The calendar day as a sortable key, "2026-11-22". */
export const dayKey = (date, zone) => format(date, zone, {}, "en-CA");

function relativeDay(date, now, zone) {
  const key = dayKey(date, zone);
  if (key === dayKey(now, zone)) return "today";
  if (key === dayKey(new Date(now.getTime() - DAY), zone)) return "yesterday";
  if (key === dayKey(new Date(now.getTime() + DAY), zone)) return "tomorrow";
  return null;
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** What a date divider says. */
export function dayLabel(date, now, zone) {
  const near = relativeDay(date, now, zone);
  if (near) return capital(near);
  return format(date, zone, { weekday: "long", day: "numeric", month: "long" });
}

function ago(date, now) {
  const minutes = Math.round((now - date) / 60000);
  const [count, unit] =
    Math.abs(minutes) < 60
      ? [minutes, "minute"]
      : Math.abs(minutes) < 1440
        ? [Math.round(minutes / 60), "hour"]
        : [Math.round(minutes / 1440), "day"];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(-count, unit);
}

const SHAPES = {
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "numeric", minute: "2-digit", hour12: true },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true },
};

function datePart(token, date, now, zone) {
  if (token === "date_num") return dayKey(date, zone);
  if (token === "ago") return ago(date, now);
  if (token === "day_divider_pretty") return dayLabel(date, now, zone);
  const base = token.replace(/_pretty$/, "");
  const near = token === base ? null : relativeDay(date, now, zone);
  return near ?? (SHAPES[base] ? format(date, zone, SHAPES[base]) : null);
}

/** Fills Slack's date format, e.g. "{date_short_pretty} at {time}"; null if a token is unknown. */
export function slackDate(epoch, pattern, now, zone) {
  const date = new Date(Number(epoch) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = pattern.replace(/\{(\w+)\}/g, (_, token) => {
    const part = datePart(token, date, now, zone);
    if (part === null) known = false;
    return part ?? "";
  });
  return known ? text : null;
}
