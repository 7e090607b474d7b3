/** A plan's columns, indexed: what the map and its list ask of them. */

export class PlanData {
  constructor(columns) {
    Object.assign(this, columns);
    const { households, visits } = columns;
    this.ofDay = this.days.map(() => []);
    this.planned = new Uint16Array(households.id.length);
    this.ofHousehold = new Map();
    for (let v = 0; v < visits.household.length; v += 1) {
      const home = visits.household[v];
      this.ofDay[visits.day[v]].push(v);
      this.planned[home] += 1;
      if (!this.ofHousehold.has(home)) this.ofHousehold.set(home, []);
      this.ofHousehold.get(home).push(v);
    }
    this.closed = this.villages.map((village) => new Set(village.closed));
    this.villageAt = new Map(this.villages.map((village, i) => [village.code, i]));
    this.cadreAt = new Map(this.cadres.map((cadre, i) => [cadre.id, i]));
    this.unitAt = new Map(this.units.map((unit, i) => [unit.id, i]));
  }

  /** Whether a visit passes the filter {unit, cadre, village}: positions, or null for all. */
  passes(v, { unit, cadre, village }) {
    const { visits, households, cadres } = this;
    return (
      (cadre === null || visits.cadre[v] === cadre) &&
      (unit === null || cadres[visits.cadre[v]].unit === unit) &&
      (village === null || households.village[visits.household[v]] === village)
    );
  }

  /** Visits of one day in the filter, grouped by cadre, each in order. */
  routes(day, filter) {
    const found = new Map();
    for (const v of this.ofDay[day]) {
      if (!this.passes(v, filter)) continue;
      const cadre = this.visits.cadre[v];
      if (!found.has(cadre)) found.set(cadre, []);
      found.get(cadre).push(v);
    }
    for (const mine of found.values()) mine.sort((a, b) => this.visits.order[a] - this.visits.order[b]);
    return found;
  }

  /** 0: all visits planned; 1: some missing; 2: none planned. */
  status(home) {
    if (!this.households.missing[home]) return 0;
    return this.planned[home] ? 1 : 2;
  }

  /** Positions of the households in the filter; a cadre's are those the cadre visits. */
  homes({ unit, cadre, village }) {
    const { households, villages } = this;
    const found = [];
    for (let h = 0; h < households.id.length; h += 1) {
      const place = households.village[h];
      if (village !== null && place !== village) continue;
      if (unit !== null && villages[place]?.unit !== unit) continue;
      if (cadre !== null && !(this.ofHousehold.get(h) ?? []).some((v) => this.visits.cadre[v] === cadre)) continue;
      found.push(h);
    }
    return found;
  }

  /** For each village in the filter: households, visits planned and missing, days with visits. */
  villageSums(filter) {
    const sums = new Map();
    for (const h of this.homes(filter)) {
      const place = this.households.village[h];
      if (place < 0) continue;
      if (!sums.has(place)) sums.set(place, { homes: 0, planned: 0, missing: 0, days: new Map() });
      const sum = sums.get(place);
      sum.homes += 1;
      sum.missing += this.households.missing[h];
      for (const v of this.ofHousehold.get(h) ?? []) {
        if (!this.passes(v, filter)) continue;
        sum.planned += 1;
        const day = this.visits.day[v];
        sum.days.set(day, (sum.days.get(day) ?? 0) + 1);
      }
    }
    return sums;
  }

  point(home) {
    return [this.households.lon[home], this.households.lat[home]];
  }
}
