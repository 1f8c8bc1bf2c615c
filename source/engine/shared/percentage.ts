/** A share as people write it: `5%`, `0.5%`. */
export type Percentage = `${number}%`;

/** Above 0, up to 100, with up to four decimals: a share of a million is a whole number, so that whether it is reached is exact. */
const pattern = /^(?!0*\.?0*%)(?:100(?:\.0{1,4})?|\d{1,2}(?:\.\d{1,4})?|\.\d{1,4})%$/;

/** As JSON Schema has it. */
export const PERCENTAGE_PATTERN = pattern.source;

export const isPercentage = (text: string): text is Percentage => pattern.test(text);

/** @param percentage - As `isPercentage` has it. */
export const perMillion = (percentage: Percentage): number => Math.round(Number(percentage.slice(0, -1)) * 10_000);
