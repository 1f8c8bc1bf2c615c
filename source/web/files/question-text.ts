// Names of columns as questions take them.

/** What a question reads as one word, whatever stands around it. */
const WORD = /^[\p{L}_][\p{L}\p{N}_.#%€$]*$/u;
/** Words that begin or join parts of a question. */
const RESERVED = new Set([
	...['sum', 'mean', 'min', 'max', 'distinct', 'records', 'count', 'group', 'by', 'where', 'order', 'limit', 'key'],
	...['and', 'or', 'not', 'in', 'is', 'empty', 'contains', 'starts', 'with', 'year', 'month', 'day', 'true', 'false'],
]);

/** In backticks where it could be read as something else. */
export const columnInQuestion = (name: string): string =>
	WORD.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `\`${name.replaceAll('`', '``')}\``;
