// The rows of a result that are sentences as lines: each in full, and what belongs to it under it.
import type {Table} from '../../store/present.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {moreRowsLines, wrapWords} from './sections.ts';

/** Ten times what a report lists. */
const MAX_ROWS = 1000;

export function sentenceLines(table: Table, columns: number, look: Look): Line[] {
	const {theme, glyphs} = look;
	const wrap = (text: string, indent: number): string[] => wrapWords(text, Math.max(1, columns - indent - 1));
	const rows = Array.from({length: Math.min(table.rowCount, MAX_ROWS)}, (_, index): Line[] => {
		const [first = '', ...rest] = wrap(table.nameOf(index) ?? glyphs.dash, 3);
		const values = table.valuesOf(index).filter(value => value !== null);
		return [
			[span(`   ${first}`)],
			...rest.map(text => [span(`   ${text}`)]),
			...wrap(values.join(`  ${glyphs.ascii ? '|' : '·'}  `), 5).map(text => [span(`     ${text}`, theme.muted)]),
		];
	});
	return [
		[span(` ${table.title.toUpperCase()}`, theme.heading)],
		...rows.flat(),
		...moreRowsLines(table, rows.length, columns, look),
	];
}
