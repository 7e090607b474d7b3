/** The map of a cadre's day: numbered stops, the way between them, done ones ticked. */

import { api } from "./core.js";
import { openMap } from "./map.js";

export async function drawDay(day) {
  const view = openMap();
  const places = day.stops.filter((stop) => stop.lon !== null);
  const ways = view.routes({
    onPick: (stop) => {
      const card = document.getElementById(`stop-${stop.id}`);
      card.scrollIntoView({ block: "center", behavior: "smooth" });
      card.querySelector("button:not([hidden])")?.focus({ preventScroll: true });
    },
  });
  const straight = [day.base, ...places.map((stop) => [stop.lon, stop.lat]), day.base];
  const show = (legs, dashed) =>
    ways.show([
      {
        id: 1,
        color: "--data-1",
        dashed,
        legs,
        base: day.base,
        stops: places.map((stop) => ({
          id: stop.visit,
          lon: stop.lon,
          lat: stop.lat,
          order: stop.position,
          label: `${stop.at} ${stop.name}`,
          done: Boolean(stop.recorded),
        })),
      },
    ]);
  show(straight.slice(1).map((point, i) => [straight[i], point]), true);
  view.fit(straight);
  const way = await api(`/api/my-day/route?day=${day.day}`, { quiet: true }).catch(() => null);
  if (way) show(way.legs, !way.by_road);
}
