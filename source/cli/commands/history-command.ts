// `fileproc-tui history`: the runs of a ledger, the report of one of them, and the removal of old ones.
import {existsSync} from 'node:fs';
import {type Ledger, type LedgerRun, openLedger} from '../../ledger/ledger.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {looksLikeRunId} from '../../ledger/run-ids.ts';
import {parseSearch} from '../../ledger/search.ts';
import type {Report} from '../../model/report.ts';
import type {RunDiff} from '../../model/run-diff.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {diffLines} from '../../report/diff-lines.ts';
import {jsonChunks} from '../../report/json.ts';
import {summaryLines} from '../../report/summary.ts';
import {formatBytes, quantity} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {decideLook} from '../arguments/look.ts';
import type {HistoryCommand} from '../arguments/options.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';
import {ownLedgerPath} from '../outputs/open-ledger.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import {exitCodes} from './exit-codes.ts';
import {resolveRun} from './history/resolve-run.ts';
import {runLines} from './history/run-lines.ts';
import {OpenFiles, unfinishedLines} from './history/unfinished-lines.ts';

export async function historyCommand(command: HistoryCommand): Promise<number> {
	const stream = createOutputStream(process.stdout);
	const path = command.ledger ?? ownLedgerPath();
	try {
		return await perform(command, path, stream);
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		throw error;
	} finally {
		await stream.flush();
	}
}

async function perform(command: HistoryCommand, path: string, stream: OutputStream): Promise<number> {
	const {words, keepDays, keepSizeBytes} = command;
	const isPruning = words.length === 1 && words[0] === 'prune';
	if (!isPruning && (keepDays !== null || keepSizeBytes !== null))
		throw new UsageError(
			'--keep-days and --keep-size belong to history prune: fileproc-tui history prune --keep-days 30.',
		);
	// Nobody has saved a run yet, which is no error.
	if (command.ledger === null && !existsSync(path)) return listRuns([], command, stream);
	if (isPruning) return prune(command, path, stream);
	const ledger = openLedger(path);
	try {
		const [first = ''] = words;
		if (first === 'diff') return await showDiff(ledger, words.slice(1), command, stream);
		if (words.length === 1 && looksLikeRunId(first)) {
			const id = resolveRun(ledger, first);
			if (id !== first || RUN_ID.test(id)) return await showRun(ledger, id, command, stream);
		}
		const parsed = parseSearch(words.join(' '));
		if (!parsed.ok) throw new UsageError(`The search cannot be understood: ${parsed.message}.`);
		const runs = ledger.runs({search: words.join(' '), limit: command.limit ?? DEFAULT_LIMIT});
		return await listRuns(runs, command, stream);
	} finally {
		ledger.close();
	}
}

/** As many as fit on most screens. */
const DEFAULT_LIMIT = 40;

const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

async function listRuns(
	runs: readonly LedgerRun[],
	{isJson, words, look}: HistoryCommand,
	stream: OutputStream,
): Promise<number> {
	if (isJson) {
		await stream.write(`${layOutSafely({runs}, '')}\n`);
		return exitCodes.ok;
	}
	if (runs.length === 0) {
		const nothing =
			words.length === 0
				? 'No run has been saved yet. To save one: fileproc-tui ./data --save'
				: `No saved run fits ${words.map(quoted).join(' ')}.`;
		process.stderr.write(`${safe(nothing)}\n`);
		return words.length === 0 ? exitCodes.ok : exitCodes.nothingMatched;
	}
	const {columns} = decideLook(look, process);
	await stream.write(`${runLines(runs, columns()).join('\n')}\n`);
	return exitCodes.ok;
}

async function showRun(
	ledger: Ledger,
	id: string,
	{isJson, look}: HistoryCommand,
	stream: OutputStream,
): Promise<number> {
	const report = ledger.report(id);
	if (report === null) {
		process.stderr.write(
			`fileproc-tui: There is no run ${id} in the ledger. To see which there are: fileproc-tui history\n`,
		);
		return exitCodes.nothingMatched;
	}
	if (isJson) {
		for (const page of jsonChunks(report)) await stream.write(page);
		return exitCodes.ok;
	}
	const collector = createReportCollector();
	const open = new OpenFiles();
	for (const event of ledger.events(id)) {
		collector.handle(event);
		open.handle(event);
	}
	const {columns, color, ascii} = decideLook(look, process);
	const {status} = report;
	// Without an end, it is shown like a run that was stopped.
	const ended: Report = {...report, status: status === 'completed' ? status : 'cancelled'};
	const lines = [
		...(status === 'running' || status === 'interrupted' ? unfinishedLines(status, report, open) : []),
		...summaryLines(ended, collector.analyses(), {columns: columns(), color, ascii}),
	];
	await stream.write(`${lines.join('\n')}\n`);
	return exitCodes.ok;
}

async function showDiff(
	ledger: Ledger,
	ids: readonly string[],
	{isJson, look}: HistoryCommand,
	stream: OutputStream,
): Promise<number> {
	const [from, to] = ids;
	if (from === undefined || to === undefined || ids.length > 2)
		throw new UsageError(
			'history diff takes the ids of two runs or their beginnings, the earlier one first; fileproc-tui history lists them.',
		);
	const {diffRuns} = await import('../../ledger/diff-runs.ts');
	const diff = diffRuns(ledger, resolveRun(ledger, from), resolveRun(ledger, to));
	await stream.write(`${isJson ? layOutSafely(diff, '') : comparedLines(diff, look).join('\n')}\n`);
	return exitCodes.ok;
}

/** A line for each file that differs, and then what differs in the figures. */
function comparedLines(diff: RunDiff, look: HistoryCommand['look']): string[] {
	const {new: added, gone, changed} = diff;
	const {columns, ascii} = decideLook(look, process);
	const {heading, lines} = diffLines(diff, {columns: columns(), ascii});
	return [
		...added.map(file => `new      ${safe(file)}`),
		...gone.map(file => `gone     ${safe(file)}`),
		...changed.map(file => `changed  ${safe(file)}`),
		heading,
		...lines,
	];
}

async function prune(
	{keepDays, keepSizeBytes, isJson}: HistoryCommand,
	path: string,
	stream: OutputStream,
): Promise<number> {
	if (keepDays === null && keepSizeBytes === null)
		throw new UsageError('Say what history prune keeps: --keep-days 30, or --keep-size 500MB.');
	const {pruneLedger} = await import('../../ledger/prune-ledger.ts');
	const {removedRuns, bytesBefore, bytesAfter} = pruneLedger(path, {keepDays, keepSizeBytes});
	const text = isJson
		? layOutSafely({removed_runs: removedRuns, bytes_before: bytesBefore, bytes_after: bytesAfter}, '')
		: `Removed ${quantity(removedRuns, 'run')}: ${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} now.`;
	await stream.write(`${text}\n`);
	return exitCodes.ok;
}
