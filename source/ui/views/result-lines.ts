// The result of an analysis as lines: the same for one file, for a file that still streams, and for the whole run.
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import {NAME_JOINT, type Presentation, presentResult} from '../../store/present.ts';
import {safe} from '../../text/safe.ts';
import {spell} from '../look/glyphs.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {factLines, heading, stack, wrapWords} from './sections.ts';
import {sentenceLines} from './sentence-lines.ts';
import {seriesLines} from './series-lines.ts';
import {tableLines} from './table-lines.ts';

interface Built {
	readonly info: AnalysisInfo;
	readonly columns: number;
	readonly look: Look;
	readonly note: string;
	readonly lines: Line[];
}

/** By the result: lines are built when it changes, and not for each frame. */
const builtLines = new WeakMap<object, Built>();

/**
The lines of a result, with a heading.

@param note - For the heading: `so far`.
*/
export function buildResult(info: AnalysisInfo, result: object, columns: number, look: Look, note = ''): Line[] {
	const last = builtLines.get(result);
	if (last?.info === info && last.columns === columns && last.look === look && last.note === note) return last.lines;
	const presentation = presentResult(info, result, safe, spell(NAME_JOINT, look.glyphs));
	const title = heading(presentation.title.toUpperCase(), look, note);
	const lines = [title, ...resultLines(presentation, columns, look)];
	builtLines.set(result, {info, columns, look, note, lines});
	return lines;
}

function resultLines({figures, tables}: Presentation, columns: number, look: Look): Line[] {
	const {glyphs, theme} = look;
	const sections = tables.flatMap(table => {
		const reasons = table.error === null ? [] : wrapWords(table.error, Math.max(1, columns - 4));
		const isChart = table.show === 'series' && table.rowCount > 1;
		return [
			reasons.map(text => [span('   '), span(text, theme.warning)]),
			isChart
				? seriesLines(table, columns, look)
				: table.show === 'sentences'
					? sentenceLines(table, columns, look)
					: tableLines(table, columns, look),
		];
	});
	return [
		...figures.flatMap(({label, text}) => factLines(label, text ?? glyphs.dash, columns, look)),
		...stack(sections),
	];
}
