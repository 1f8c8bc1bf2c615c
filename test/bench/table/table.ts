// The results as Markdown: ours beside DuckDB, the other rivals, single figures, and where we lose.
import type {Dataset} from '../data/dataset.ts';
import {type ContestResult, type Entry, isOurs, ownOnOneThread, rivalOf, speedOf} from '../measure/contest.ts';
import type {DashboardResult} from '../measure/dashboard.ts';
import type {LedgerPrice} from '../measure/ledger-price.ts';
import {median, pairedRatios, type Spread, spreadOf} from '../measure/statistics.ts';
import type {WatchFigures} from '../measure/watched-folder.ts';
import {duckdbByFile, isEstimated} from '../programs.ts';
import {
	formatBytes,
	formatFactor,
	formatMemory,
	formatMs,
	formatPeaks,
	formatRatio,
	formatSpeed,
	formatThreads,
} from './format.ts';
import {findLosses} from './losses.ts';
import type {Participants} from './machine.ts';

export interface Results {
	readonly date: Date;
	readonly machine: string;
	/** How many programs wanted a processor before we began. */
	readonly loadBefore: number;
	readonly participants: Participants;
	readonly runs: number;
	readonly scale: number;
	readonly contests: readonly ContestResult[];
	readonly start: Spread | null;
	readonly dashboard: DashboardResult | null;
	readonly ledger: readonly LedgerPrice[];
	readonly watch: WatchFigures | null;
	/** How the peaks of memory were found. */
	readonly memoryMethod: string;
}

/** More than that, and others take a part of the processors we measure on. */
const BUSY = 0.5;

export function toMarkdown(results: Results): string {
	const {contests} = results;
	const blocks = [
		introduction(results),
		table(
			[
				'data',
				'threads',
				'fileproc-tui',
				'DuckDB',
				'ratio (least–most)',
				'DuckDB, by file',
				'ratio',
				'peak memory, ours / DuckDB',
			],
			contests.flatMap(contestRows),
		),
		table(
			['data', 'program', 'threads', 'speed', 'ours on 1 thread is', 'peak memory', 'read'],
			contests.flatMap(slowRows),
		),
		singleFigures(results),
		...duckdbNote(contests),
		losses(results),
	];
	return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function introduction({date, machine, loadBefore, participants, runs, scale, contests, memoryMethod}: Results): string {
	const day = date.toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC'});
	const missing = participants.missing.length === 0 ? '' : ` Not installed there: ${participants.missing.join(', ')}.`;
	const estimates = contests.some(({data}) => isEstimated(data.kind))
		? ' Where there are more than 200,000 customers, ours and DuckDB estimate their number.'
		: '';
	const hasSales = contests.some(({data}) => data.kind.question === 'sales');
	return [
		`${day}, ${machine}. ${participants.present.join(', ')}.${missing}`,
		`Whole processes from start to exit, output to a file, files in the disk cache, ${runs === 1 ? 'a single run of each' : `medians of ${runs} runs in turn (fewer for the slow ones)`}, 1 MB = 1,000,000 bytes.${scale === 1 ? '' : ` **A try on data scaled by ${scale}: no figures to quote.**`}`,
		`Each computes the number of records, the exact sum, both by category, the top category, the first and last date and the number of distinct customers${hasSales ? ' (of `sales` the number of records, the exact sum of quantity × price and the quantity, all by department)' : ''}; that all say the same was checked first. Ours does so for each file as well, and checks every record; DuckDB is asked for the whole alone and, where there are several files, for each of them as well (“by file”), which is equal work. Threads are those that read: beside ours is one that plans and writes the report.${estimates}`,
		...(loadBefore < BUSY
			? []
			: [`**The machine was busy (a load of ${loadBefore.toFixed(1)} before the start): figures vary.**`]),
		`A ratio is the median of those of neighbouring runs. Peak memory: ${memoryMethod}.`,
	].join('\n');
}

function contestRows({data, entries}: ContestResult): string[][] {
	return entries.filter(isOurs).map(own => {
		const rival = rivalOf(own, entries);
		const byFile = rivalOf(own, entries, duckdbByFile);
		const ratioTo = (other: Entry | undefined): string =>
			other === undefined ? '–' : formatRatio(spreadOf(pairedRatios(other.wallMs, own.wallMs)));
		const speed = (other: Entry | undefined): string => (other === undefined ? '–' : formatSpeed(other));
		const peaks = rival === undefined ? [own.peakBytes] : [own.peakBytes, rival.peakBytes];
		return [
			describeData(data),
			String(own.threads),
			formatSpeed(own),
			speed(rival),
			ratioTo(rival),
			speed(byFile),
			ratioTo(byFile),
			formatPeaks(peaks),
		];
	});
}

function slowRows(contest: ContestResult): string[][] {
	const own = ownOnOneThread(contest);
	const {part, data, slowEntries} = contest;
	return slowEntries.map(entry => [
		`\`${data.kind.name}\``,
		entry.program.name,
		entry.program.name === 'Miller' ? 'its own' : String(entry.threads),
		formatSpeed(entry),
		own === undefined ? '–' : `${formatFactor(speedOf(own) / speedOf(entry))} ×`,
		formatMemory(entry.peakBytes),
		part.bytes === data.bytes ? 'all' : `the first ${formatBytes(part.bytes)}`,
	]);
}

function singleFigures({start, dashboard, ledger, watch}: Results): string {
	const lines: string[] = [];
	if (start !== null) {
		const {median: middle, least, most} = start;
		lines.push(
			`- One file of 10 records, from start to exit: ${formatMs(middle)} (${Math.round(least)}–${formatMs(most)}).`,
		);
	}
	if (dashboard !== null) {
		const {data, threads, dashboardMs, jsonMs, ratio} = dashboard;
		lines.push(
			`- The dashboard, 120×40, ${describeData(data)}, ${formatThreads(threads)}: the report is there after ${formatMs(dashboardMs.median)}, with \`--json\` after ${formatMs(jsonMs.median)}: ${percent(ratio.median)} (${percent(ratio.least)} to ${percent(ratio.most)}).`,
		);
	}
	for (const {data, threads, plainMs, savedMs, savedRatio, sha256Ratio} of ledger) {
		lines.push(
			`- Saving the run to a ledger, ${describeData(data)}, ${formatThreads(threads)}: ${formatMs(savedMs.median)}, without ${formatMs(plainMs.median)}: ${percent(savedRatio.median)} (${percent(savedRatio.least)} to ${percent(savedRatio.most)}); with \`--hash sha256\` ${percent(sha256Ratio.median)}.`,
		);
	}
	if (watch !== null) {
		const {files, programs} = watch;
		const each = programs.map(
			({name, wallMs, peakBytes}) =>
				`${name} ${Math.round((1000 * files) / wallMs.median)} a second, ${formatMemory(peakBytes)}`,
		);
		lines.push(`- ${files.toLocaleString('en')} files of 2.5 KB through a watched folder: ${each.join('; ')}.`);
	}
	return lines.join('\n');
}

const percent = (ratio: number): string => `${ratio < 1 ? '−' : '+'}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`;

/** DuckDB's process begins with Node and loads a large library, which is not its fault. */
function duckdbNote(contests: readonly ContestResult[]): readonly string[] {
	const starts = contests.flatMap(({entries}) =>
		entries.flatMap(({wallMs, queryMs}) => queryMs.map((query, run) => (wallMs[run] ?? Number.NaN) - query)),
	);
	if (starts.length === 0) return [];
	return [`Of DuckDB's times, ${formatMs(median(starts))} are the start of Node, loading the library, and the end.`];
}

function losses({contests, dashboard}: Results): string {
	const found = findLosses(contests, dashboard);
	if (found.length === 0) return 'Where we lose: in none of these.';
	return ['Where we lose:', '', ...found.map(loss => `- ${loss}`)].join('\n');
}

export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	if (rows.length === 0) return '';
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function describeData({kind, files, bytes}: Dataset): string {
	const count = files.length === 1 ? '' : `${files.length.toLocaleString('en')} × `;
	return `\`${kind.name}\`: ${count}${formatBytes(bytes / files.length)}, ${kind.what}`;
}
