// The runs of the ledger as a list, the newest first.
import type {FoundRuns, ListedRun} from '../../model/past-runs.ts';
import {formatCount, formatInteger, formatSeconds} from '../../text/format.ts';
import {runPaths} from '../../text/run-paths.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, padEnd, padStart, truncateEnd, truncatePath} from '../../text/width.ts';
import {type Line, span, type TextStyle} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {type MarkedLines, markRow, ROW_MARKER_WIDTH} from './column-lines.ts';
import {wrapWords} from './sections.ts';

export interface ListedRuns extends FoundRuns {
	/** What they were searched for. */
	readonly search: string;
	/** Why they cannot be listed, or the search cannot be understood: a sentence; then the runs are those that were found before. */
	readonly problem: string;
}

interface Column {
	readonly heading: string;
	readonly isNumber: boolean;
	/** The one with the lowest gives way first on a narrow screen. */
	readonly priority: number;
	readonly textOf: (run: ListedRun) => string;
	readonly styleOf?: (run: ListedRun, look: Look) => TextStyle | undefined;
}

const COLUMNS: readonly Column[] = [
	{
		...{heading: 'STARTED (UTC)', isNumber: false, priority: 9},
		textOf: run => run.started_at.slice(0, 16).replace('T', ' '),
	},
	{
		...{heading: 'STATUS', isNumber: false, priority: 5},
		textOf: run => run.status,
		styleOf: ({status}, {theme}) => (status === 'completed' ? undefined : theme.warning),
	},
	{heading: 'FILES', isNumber: true, priority: 6, textOf: run => formatInteger(run.totals.files)},
	{
		...{heading: 'FAILED', isNumber: true, priority: 7},
		textOf: run => formatInteger(run.totals.failed),
		styleOf: ({totals}, {theme}) => (totals.failed > 0 ? theme.bad : undefined),
	},
	{heading: 'ROWS', isNumber: true, priority: 4, textOf: run => formatCount(run.totals.rows)},
	{heading: 'TIME', isNumber: true, priority: 3, textOf: run => formatSeconds(run.elapsed)},
];

const GAP = 2;
/** Names of folders with less than this say nothing. */
const MIN_PATHS_WIDTH = 9;
/** What the run on the screen is called. */
const PRESENT = 'this run';

export interface RunListFacts {
	/** `null` until they are known. */
	readonly listed: ListedRuns | null;
	/** The place of the cursor. */
	readonly index: number;
	/** The run on the screen. */
	readonly currentId: string | null;
}

export function buildRunList({listed, index, currentId}: RunListFacts, columns: number, look: Look): MarkedLines {
	const {theme, glyphs} = look;
	const tell = (text: string, style: TextStyle): Line[] =>
		wrapWords(text, Math.max(1, columns - 4)).map(part => [span(`   ${part}`, style)]);
	if (listed === null)
		return {lines: tell(`Looking for past runs ${glyphs.ellipsis}`, theme.muted), selectedLine: null};
	const {runs, problem, hasMore, search} = listed;
	const problemLines = problem === '' ? [] : tell(safe(problem), theme.warning);
	if (runs.length === 0) {
		const nothing = search === '' ? 'There is no past run yet.' : 'No past run fits.';
		return {lines: problem === '' ? tell(nothing, theme.muted) : problemLines, selectedLine: null};
	}
	const shown = chooseColumns(runs, columns);
	const widths = shown.map(column => widthOf(column, runs));
	const pathsWidth = columns - 1 - ROW_MARKER_WIDTH - widths.reduce((sum, width) => sum + width + GAP, 0);
	const gap = ' '.repeat(GAP);
	const cell = (text: string, place: number): string =>
		(shown[place]?.isNumber ? padStart : padEnd)(text, widths[place] ?? 0) + gap;
	const heading: Line = [
		span(' '.repeat(ROW_MARKER_WIDTH)),
		span(shown.map(({heading: text}, place) => cell(text, place)).join(''), theme.muted),
		span(truncateEnd('PATHS', pathsWidth, glyphs), theme.muted),
	];
	const rows = runs.map((run): Line => {
		const isPresent = run.id === currentId;
		const paths = safe(runPaths(run.folder, run.paths).join(' '));
		return [
			span(' '.repeat(ROW_MARKER_WIDTH)),
			...shown.map((column, place) => {
				const text = isPresent && column.heading === 'STATUS' ? PRESENT : column.textOf(run);
				return span(cell(text, place), column.styleOf?.(run, look));
			}),
			span(truncatePath(paths, pathsWidth, glyphs)),
		];
	});
	const more = hasMore ? tell('There are older ones; a search finds them.', theme.muted) : [];
	const lines = [...problemLines, heading, ...rows, ...more];
	const selectedLine = problemLines.length + 1 + Math.min(index, runs.length - 1);
	const selected = lines[selectedLine];
	return {
		lines: selected === undefined ? lines : lines.with(selectedLine, markRow(selected, columns, look)),
		selectedLine,
	};
}

const widthOf = ({heading, textOf}: Column, runs: readonly ListedRun[]): number =>
	runs.reduce((width, run) => Math.max(width, displayWidth(textOf(run))), heading.length);

/** As many as leave room for the paths. */
function chooseColumns(runs: readonly ListedRun[], columns: number): readonly Column[] {
	let shown = COLUMNS;
	const roomForPaths = (): number =>
		columns - 1 - ROW_MARKER_WIDTH - shown.reduce((sum, column) => sum + widthOf(column, runs) + GAP, 0);
	while (shown.length > 1 && roomForPaths() < MIN_PATHS_WIDTH) {
		const least = Math.min(...shown.map(({priority}) => priority));
		shown = shown.filter(({priority}) => priority !== least);
	}
	return shown;
}
