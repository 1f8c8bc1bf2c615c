// `fileproc-tui watch --input <file>`: one file along the routes of a watched folder, without the folder. It is not moved, and nothing is kept
// of it but what is printed.
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join, resolve} from 'node:path';
import {runSteps} from '../../../pipeline/run-steps.ts';
import {systemPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {NO_ROUTE} from '../../../watch/attempt-ends.ts';
import {reasonDocument, resultDocument} from '../../../watch/documents.ts';
import {hashFile} from '../../../watch/hash-file.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {WatchCommand} from '../../arguments/options.ts';
import {createOutputStream} from '../../outputs/output-stream.ts';
import {listenForInterruption} from '../../process/interruption.ts';
import {batchSettingsOf, withoutOutputs} from '../batch-settings.ts';
import {exitCodes} from '../exit-codes.ts';
import {type FetchedObject, fetchNamed} from '../fetch-object.ts';
import {loadWatchPipeline} from './load-watch-pipeline.ts';

/** What the steps have written is printed up to this size, where it is text. */
const MAX_PRINTED_BYTES = 1024 * 1024;

export async function takeOneFile({options, settings}: WatchCommand): Promise<number> {
	const {routes} = options;
	const input = options.input ?? '';
	const interruption = listenForInterruption();
	const stream = createOutputStream(process.stdout, interruption.signal);
	const loaded = await loadWatchPipeline(routes, {
		...{
			settings: batchSettingsOf(withoutOutputs(settings)),
			maxTextBytes: options.maxTextBytes,
			onEvent() {},
			onLog() {},
		},
	});
	const outputFolder = await mkdtemp(join(tmpdir(), 'fileproc-tui-'));
	let fetched: FetchedObject | null = null;
	try {
		fetched = await fetchNamed(input, interruption.signal);
		const path = fetched?.path ?? resolve(input);
		const hashed = await hashFile(path, interruption.signal).catch(error => {
			throw new EnvironmentError(`${safe(input)} cannot be read`, error);
		});
		if (hashed === null) throw new EnvironmentError(`${safe(input)} is no regular file: name one.`);
		const file = {claim: 'input', name: basename(path), path, bytes: Number(hashed.stats.size)};
		const claim = {id: file.claim, name: file.name, bytes: file.bytes};
		const route = await loaded.chooseRoute(file);
		const way =
			route === null
				? null
				: await runSteps({
						...{pipeline: loaded.pipeline, route, file, processor: loaded.processor, outputFolder},
						...{outputPrefix: `${file.name}.`, takeState: async () => null, onStep() {}},
						aside: wait => wait(),
						...{signal: interruption.signal, now: () => performance.now()},
					});
		const failure = way === null ? NO_ROUTE : way.failure;
		const document =
			failure === null && way !== null
				? resultDocument(claim, way, hashed.hash)
				: reasonDocument(claim, {...(failure ?? NO_ROUTE), attempts: 1, contentHash: hashed.hash}, way);
		const outputs = await Promise.all(
			(way?.outputs ?? []).map(each => describeOutput(outputFolder, each.name, each.bytes)),
		);
		const {claim: _, outputs: __, ...printed} = JSON.parse(document.toString());
		await stream.write(`${JSON.stringify({...printed, ...(outputs.length > 0 && {outputs})}, undefined, 2)}\n`);
		await stream.flush();
		return interruption.exitCode() ?? (failure === null ? exitCodes.ok : exitCodes.fileFailed);
	} finally {
		await fetched?.remove();
		await rm(outputFolder, {recursive: true, force: true});
		await loaded.close();
		interruption.dispose();
	}
}

async function describeOutput(folder: string, name: string, bytes: number): Promise<object> {
	if (bytes > MAX_PRINTED_BYTES) return {name, bytes, text: null};
	const content = await readFile(systemPath(join(folder, name)));
	return {name, bytes, text: content.toString()};
}
