// Loaded into a process before anything else: its clock is off by so many seconds. Intervals are as long as ever.
const offset = Number(process.env.TEST_CLOCK_OFFSET) * 1000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }

  static now() {
    return RealDate.now() + offset;
  }
};
