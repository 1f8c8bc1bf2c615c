import {readFileSync, writeFileSync} from 'node:fs';
import {BenchError} from '../bench-error.ts';

const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

/** Puts the text between the two markers, in place of what is there. */
export function replaceBetweenMarkers(document: string, text: string): string {
	const [start, end] = [document.indexOf(START), document.indexOf(END)];
	if (start === -1 || end < start) throw new BenchError(`Expected ${START} and ${END} in the README, in this order`);
	return `${document.slice(0, start + START.length)}\n${text.trim()}\n${document.slice(end)}`;
}

export function writeReadme(path: string, text: string): void {
	writeFileSync(path, replaceBetweenMarkers(readFileSync(path, 'utf8'), text));
}
