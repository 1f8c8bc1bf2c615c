// The answer to a question about a file: it says that the file is read again for it, how far that is, and what it has come to.
import type {AnalysisInfo, ResultObject} from '../../model/analysis-info.ts';
import type {ReadingSoFar} from '../../model/run-control.ts';
import {formatInteger, formatPercent} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {truncatePath} from '../../text/width.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {buildResult} from './result-lines.ts';
import {wrapWords} from './sections.ts';

export interface Answer {
	readonly text: string;
	readonly file: string;
	readonly info: AnalysisInfo | null;
	/** `null` where nothing is known yet. */
	readonly result: ResultObject | null;
	/** The part of the file that the result is of; `null` for all of it. */
	readonly part: Omit<ReadingSoFar, 'result'> | null;
	readonly isOver: boolean;
	/** Why there is no result. */
	readonly problem: string | null;
}

const INDENT = '   ';

/** @param rows - How many records the file has; `null` where that is not known yet. */
export function buildAnswer(answer: Answer, rows: number | null, columns: number, look: Look): Line[] {
	const {theme} = look;
	const {text, file, info, result, part, problem} = answer;
	const room = Math.max(10, columns - INDENT.length - 1);
	const name = truncatePath(safe(file), Math.max(10, Math.floor(room / 2)));
	const lines: Line[] = [
		[],
		...wrapWords(safe(text), room).map((line): Line => [span(INDENT), span(line, theme.heading)]),
		[span(INDENT), span(`${describeReading(answer)} ${name}`, theme.muted)],
		[],
	];
	if (problem !== null)
		return [...lines, ...wrapWords(safe(problem), room).map((line): Line => [span(INDENT), span(line, theme.bad)])];
	if (info === null || result === null) return lines;
	const figures = buildResult(info, result, columns, look, part === null ? '' : 'so far');
	const leftOut = describeLeftOut(answer, rows);
	if (leftOut === null) return [...lines, ...figures];
	const note = wrapWords(leftOut, room).map((line): Line => [span(INDENT), span(line, theme.warning)]);
	return [...lines, ...note, [], ...figures];
}

/** Nobody should take some records for all of them. */
function describeLeftOut({isOver, result}: Answer, rows: number | null): string | null {
	const records = result?.records;
	if (!isOver || rows === null || typeof records !== 'number' || records >= rows) return null;
	return `${formatInteger(rows - records)} of ${formatInteger(rows)} rows do not count: they do not fit the condition, or have no number or date that is asked for.`;
}

function describeReading({isOver, part}: Answer): string {
	if (isOver) return 'Read again:';
	if (part === null || part.bytesTotal === null) return 'Reading again:';
	return `Reading again (${formatPercent(Math.min(0.99, part.bytesRead / part.bytesTotal))}):`;
}
