// `fileproc-tui routes check <file> [path...]`: explains the routes in a file, or all that is wrong with them; and says of files which route
// each would take in a watched folder, and why.
import {lstatSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {type BatchSettings, readSettingsOf} from '../../engine/batch.ts';
import {Analyzer, analyzeStep} from '../../pipeline/analyze.ts';
import {type PipelineFile, StepError} from '../../pipeline/pipeline.ts';
import {createProcessors} from '../../pipeline/processors/processors.ts';
import {createRouteChooser} from '../../pipeline/routes/choose/choose-route.ts';
import {type LoadedPipeline, loadPipeline} from '../../pipeline/routes/load-pipeline.ts';
import {PipelineError} from '../../pipeline/routes/pipeline-error.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {displayPath, systemPath} from '../../text/path-text.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import {codeOf, messageOf} from '../../text/system-error.ts';
import {inspectInbox} from '../../watch/inspect-inbox.ts';
import {decideLook} from '../arguments/look.ts';
import type {RoutesCommand} from '../arguments/options.ts';
import {namesBesideRoutes} from '../config-file/names-beside-routes.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {exitCodes} from './exit-codes.ts';
import {fetchNamed} from './fetch-object.ts';
import {faultsJson, type RoutedFile, routesJson} from './routes/routes-json.ts';
import {routedFileLines, routesLines} from './routes/routes-lines.ts';

/** @returns The exit code: 3 where the routes cannot be used, as for a watch with them; 1 where a file has none. */
export async function routesCommand(command: RoutesCommand): Promise<number> {
	const stream = createOutputStream(process.stdout);
	const settings = batchSettingsOf(withoutOutputs(command.settings));
	const analyzer = new Analyzer({settings, keepsResults: false, onEvent() {}});
	const processors = createProcessors({reading: settings, builtIns: [analyzeStep(analyzer)]});
	try {
		const loaded = await loadPipeline(command.file, processors, namesBesideRoutes(command.file));
		return await explain(loaded, command, settings, stream);
	} catch (error) {
		if (!(error instanceof PipelineError)) throw error;
		if (command.settings.output === 'json')
			await stream.write(`${layOutSafely(faultsJson(command.file, error), '')}\n`);
		process.stderr.write(`fileproc-tui: ${error.message}\n`);
		return exitCodes.environment;
	} finally {
		await processors.close();
		await stream.flush();
	}
}

async function explain(
	loaded: LoadedPipeline,
	{file, paths, settings}: RoutesCommand,
	batchSettings: BatchSettings,
	stream: OutputStream,
): Promise<number> {
	const isJson = settings.output === 'json';
	const {columns, ascii} = decideLook(settings, process);
	const look = {columns: columns(), ascii};
	if (!isJson) await stream.write(`${routesLines(loaded, file, look).join('\n')}\n`);
	const choose = createRouteChooser(loaded.pipeline.routes, readSettingsOf(batchSettings));
	const files: RoutedFile[] = [];
	const interruption = listenForInterruption();
	const {signal} = interruption;
	const chooseFor = async (path: string): ReturnType<typeof choose> => {
		const fetched = await fetchNamed(path, signal);
		try {
			return await choose(fileAt(fetched?.path ?? path));
		} finally {
			await fetched?.remove();
		}
	};
	try {
		for (const path of paths.flatMap(filesAt)) {
			const shown = displayPath(withoutSecrets(path));
			const routed = await chooseFor(path).then(
				({route, passed}): RoutedFile => ({file: shown, route: route?.tag ?? null, passed, error: null}),
				(error: unknown): RoutedFile | null =>
					signal.aborted ? null : {file: shown, route: null, passed: [], error: describe(error)},
			);
			if (routed === null || signal.aborted) return interruption.exitCode() ?? exitCodes.fileFailed;
			files.push(routed);
			if (!isJson) await stream.write(`\n${routedFileLines(routed, look).join('\n')}\n`);
		}
	} finally {
		interruption.dispose();
	}
	if (isJson) await stream.write(`${layOutSafely(routesJson(loaded, file, files), '')}\n`);
	return files.some(({route}) => route === null) ? exitCodes.fileFailed : exitCodes.ok;
}

function describe(error: unknown): NonNullable<RoutedFile['error']> {
	if (error instanceof StepError) return {code: error.code, message: error.message};
	const code = codeOf(error);
	if (code === undefined) throw error;
	return {code, message: messageOf(error)};
}

/** Of a folder, the files in it that a watch would take: of a watched one, those in its inbox. */
function filesAt(path: string): readonly string[] {
	if (!isFolder(path)) return [path];
	const inbox = join(path, 'unprocessed');
	const folder = isFolder(inbox) ? inbox : path;
	const {waiting} = inspectInbox(resolve(folder), false);
	return waiting.map(({name}) => join(folder, name)).sort();
}

const isFolder = (path: string): boolean =>
	lstatSync(systemPath(path), {throwIfNoEntry: false})?.isDirectory() === true;

/** In a watched folder, what stands between the inbox and the name is the folder of a file. */
function fileAt(path: string): PipelineFile {
	const absolute = resolve(path);
	const [, inInbox] = /^.*\/unprocessed\/(.+)$/su.exec(absolute) ?? [];
	const name = inInbox ?? absolute.slice(absolute.lastIndexOf('/') + 1);
	const {size = 0} = lstatSync(systemPath(absolute), {throwIfNoEntry: false}) ?? {};
	return {claim: '', name, path: absolute, bytes: size};
}
