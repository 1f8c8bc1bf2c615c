// `fileproc-tui sniff <path...>`: says how files are written, what their columns hold, and what is wrong with them. It is a run like any
// other, of the analyses that take any table or text, whose reports are told in other words.
import {type BatchSettings, startBatch} from '../../engine/batch.ts';
import type {RunEvent} from '../../model/events.ts';
import type {Report} from '../../model/report.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import type {SniffCommand} from '../arguments/options.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import {type Interruption, listenForInterruption} from '../process/interruption.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {exitCodes} from './exit-codes.ts';
import {type PlannedRun, planRun} from './plan-run.ts';
import {withFaultsOfBytes} from './sniff/byte-faults.ts';
import {filesWithOddCells, oddCellsOf} from './sniff/odd-cells.ts';
import type {Problem} from './sniff/problems.ts';
import {describeFile, type SniffedFile} from './sniff/sniffed-file.ts';
import {sniffedLines} from './sniff/sniffed-lines.ts';
import {QUICK_BYTES, WHAT_IS_SNIFFED} from './sniff/what-is-sniffed.ts';

/** @returns The exit code: 1 where some file could not be read to its end. */
export async function sniffCommand({isQuick, ...command}: SniffCommand): Promise<number> {
	const settings = {...withoutOutputs(command.settings), rejects: null};
	if (settings.analysisModules.length > 0) {
		const {loadAnalyses} = await import('../own-analyses/load-analyses.ts');
		await loadAnalyses(settings);
	}
	const planned = await planRun({...command, settings});
	if (planned === null) return exitCodes.nothingMatched;
	const interruption = listenForInterruption();
	try {
		const stream = createOutputStream(process.stdout, interruption.signal);
		const headBytes = isQuick ? QUICK_BYTES : undefined;
		// A run takes them out of the plan.
		const entries = [...planned.files.entries];
		const report = await read(
			planned,
			{...batchSettingsOf(settings), ...WHAT_IS_SNIFFED, headBytes},
			stream,
			interruption,
		);
		const odd = {...planned, files: {entries: filesWithOddCells(entries, report.files), unmatched: []}};
		const ofQuality = {...batchSettingsOf(settings), ...WHAT_IS_SNIFFED, analysis: 'quality', headBytes};
		const oddCells =
			odd.files.entries.length === 0
				? new Map<string, readonly Problem[]>()
				: oddCellsOf((await read(odd, ofQuality, stream, interruption)).files);
		const stopped = interruption.exitCode();
		if (stopped !== null) return stopped;
		const files: SniffedFile[] = [];
		for (const file of report.files) {
			const described = describeFile(file, isQuick, oddCells.get(file.file));
			files.push(isQuick ? described : await withFaultsOfBytes(described));
		}
		if (settings.output === 'json') await stream.write(`${layOutSafely({files}, '')}\n`);
		else
			for (const [place, file] of files.entries()) {
				const lacks = report.files[place]?.structure?.lacks;
				await stream.write(sniffedLines(file, place === 0, process.stdout.columns, lacks));
			}
		await stream.flush();
		return report.totals.failed > 0 ? exitCodes.fileFailed : exitCodes.ok;
	} finally {
		interruption.dispose();
	}
}

async function read(
	{files: plan, paths}: PlannedRun,
	settings: BatchSettings,
	stream: OutputStream,
	{signal}: Interruption,
): Promise<Report> {
	const collector = createReportCollector();
	const run = startBatch({
		plan,
		paths,
		settings,
		signal,
		onEvent(event: RunEvent) {
			collector.handle(event);
		},
	});
	stream.onClosed(() => {
		run.perform({type: 'stop'});
	});
	await run.done;
	return collector.report();
}
