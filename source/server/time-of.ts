/** A time as answers have it. */
export const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
