import {type CutOptions, displayWidth, truncateEnd, truncateMiddle} from '../text/width.ts';

/**
Breaks text between words into lines of at most `columns`. A wider word is cut in its middle, because such words are paths;
where more than `lineLimit` lines are needed, the last one is cut at its end.
*/
export function wrap(text: string, columns: number, lineLimit: number, options: CutOptions = {}): string[] {
	if (columns <= 0) return [];
	const lines: string[] = [];
	let line = '';
	const words = text.split(' ').filter(word => word !== '');
	for (const [index, word] of words.entries()) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (displayWidth(longer) <= columns) {
			line = longer;
			continue;
		}
		if (line !== '') {
			if (lines.length === lineLimit - 1) {
				lines.push(truncateEnd(`${line} ${words.slice(index).join(' ')}`, columns, options));
				return lines;
			}
			lines.push(line);
		}
		line = truncateMiddle(word, columns, options);
	}
	if (line !== '') lines.push(line);
	return lines;
}
