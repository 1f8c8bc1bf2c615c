// A record as text, to change single fields. Each character is one byte, so that bytes that are not UTF-8 stay as they are.

/** @returns The fields as they are written, with their quotes. */
export const splitRecord = (record: string): readonly string[] =>
	record.includes('"') ? (record.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? []) : record.split(',');

/** @returns A word as it stands in a field of a split record. */
export const toFieldText = (word: string): string => Buffer.from(word).toString('latin1');
