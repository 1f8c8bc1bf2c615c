// `fileproc-tui sniff <path...>`: says how files are written, what their columns hold, and what is wrong with them. It is a run like any
// other, of the analyses that take any table or text, whose reports are told in other words.
import {type BatchSettings, startBatch} from '../../engine/batch.ts';
import type {RunEvent} from '../../model/events.ts';
import type {FileReport, Report} from '../../model/report.ts';
import {createReportCollector} from '../../report/collect-report.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import type {SniffCommand} from '../arguments/options.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import {type Interruption, listenForInterruption} from '../process/interruption.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {exitCodes} from './exit-codes.ts';
import {type PlannedRun, planRun} from './plan-run.ts';
import {withFaultsOfBytes} from './sniff/byte-faults.ts';
import {hasOddCells, oddCellsOf} from './sniff/odd-cells.ts';
import {describeFile, type SniffedFile} from './sniff/sniffed-file.ts';
import {sniffedLines} from './sniff/sniffed-lines.ts';
import {
	areReadableAgain,
	isEncodingGuessed,
	QUICK_BYTES,
	readAgain,
	TYPES_OF_SNIFFED,
	WHAT_IS_SNIFFED,
} from './sniff/what-is-sniffed.ts';

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
		const whole = {...batchSettingsOf(settings), ...WHAT_IS_SNIFFED, headBytes};
		const first = areReadableAgain(entries) ? {...whole, analysis: TYPES_OF_SNIFFED} : whole;
		const report = await read(planned, first, stream, interruption);
		const again = async (
			isWanted: (file: FileReport) => boolean,
			own: BatchSettings,
		): Promise<readonly FileReport[]> => {
			const wanted = readAgain(entries, report.files, isWanted);
			if (wanted.length === 0) return [];
			return (await read({...planned, files: {entries: wanted, unmatched: []}}, own, stream, interruption)).files;
		};
		// Which encoding it may be, frequent texts say.
		const profiles = first === whole ? [] : await again(isEncodingGuessed, whole);
		const oddCells = oddCellsOf(await again(hasOddCells, {...whole, analysis: 'quality'}));
		const profileOf = new Map(profiles.map(profile => [profile.file, profile]));
		const sniffed = report.files.map(file => profileOf.get(file.file) ?? file);
		const stopped = interruption.exitCode();
		if (stopped !== null) return stopped;
		const files: SniffedFile[] = [];
		for (const file of sniffed) {
			const described = describeFile(file, isQuick, oddCells.get(file.file));
			files.push(isQuick ? described : await withFaultsOfBytes(described));
		}
		if (settings.output === 'json') await stream.write(`${layOutSafely({files}, '')}\n`);
		else
			for (const [place, file] of files.entries()) {
				const lacks = sniffed[place]?.structure?.lacks;
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
