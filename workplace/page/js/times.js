// Moments in words, in somebody's own zone.

import { language } from "./words.js";

const locale = () => (language() === "sv" ? "sv-SE" : "en-GB");

/** Swedish writes 08.15, as Knuff does; what the browser knows of Swedish says 08:15. */
function format(seconds, zone, options) {
  const words = new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(new Date(seconds * 1000));
  return language() === "sv" ? words.replaceAll(":", ".") : words;
}

export const hour = (seconds, zone) => format(seconds, zone, { hour: "2-digit", minute: "2-digit" });
export const day = (seconds, zone) => format(seconds, zone, { weekday: "long", day: "numeric", month: "long" });
export const dayAndHour = (seconds, zone) =>
  format(seconds, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
export const isoDay = (seconds, zone) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(seconds * 1000));
export const place = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

/** A moment as the wall says it, "2026-03-02T08:15:05": such texts sort as the moments do. */
export const localMoment = (seconds, zone) =>
  `${isoDay(seconds, zone)}T${new Intl.DateTimeFormat("sv-SE", { timeZone: zone, timeStyle: "medium" }).format(new Date(seconds * 1000))}`;

const noon = (isoDate) => new Date(`${isoDate}T12:00:00Z`);

/** A local moment, "2026-03-02T15:05", by its weekday and hour. */
export const weekdayAndHour = (moment) =>
  format(Date.parse(`${moment}:00Z`) / 1000, "UTC", { weekday: "long", hour: "2-digit", minute: "2-digit" });

/** 0 is Sunday. */
export const weekday = (isoDate) => noon(isoDate).getUTCDay();
export const dayAfter = (isoDate) => new Date(noon(isoDate).getTime() + 86_400_000).toISOString().slice(0, 10);
