// A processor that runs in a process of its own: a module, or one of our own that looks at each cell or line.
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {systemPath} from '../../../text/path-text.ts';
import type {JsonObject, Processor, StepInput} from '../../pipeline.ts';
import {StepError} from '../../pipeline.ts';
import type {NamedProcessor as Named, RunRequest} from '../protocol.ts';
import type {Surroundings} from '../surroundings.ts';
import {ProcessLost} from './started-process.ts';

export interface Described {
	readonly name: string;
	readonly version: number;
	readonly isStateful: boolean;
}

export function isolatedProcessor(
	processor: Named,
	{name, version, isStateful}: Described,
	settings: JsonObject,
	{pool, readSettings, limits: {maxTextBytes, maxOutputBytes}, onLog}: Surroundings,
	timeoutMs: number,
): Processor {
	return {
		name,
		version,
		isStateful,
		async run(input) {
			const request: RunRequest = {
				...requestOf(input),
				processor,
				settings,
				readSettings,
				maxTextBytes,
				maxOutputBytes,
			};
			const {claim} = input.file;
			const begun: string[] = [];
			const log = (message: string): void => onLog(message, {processor: name, claim});
			try {
				const reply = await pool.request(
					{type: 'run', ...request},
					{
						timeoutMs,
						signal: input.signal,
						onLog: log,
						onOutput: name => begun.push(name),
					},
				);
				if (reply.type === 'completed') return reply.outcome;
				if (reply.type !== 'failed') throw new Error(`Expected what became of a file, but found: ${reply.type}`);
				const {code, message, mayPass, report} = reply.failure;
				throw new StepError(code, `${name}: ${message}`, {mayPass, report});
			} catch (error) {
				if (!(error instanceof StepError)) await removeOutputs(input, begun);
				if (!(error instanceof ProcessLost)) throw error;
				const message = `${name}: ${error.message}`;
				if (error.by === 'request') throw new StepError('PROCESSOR_FAILED', message, {cause: error});
				// Nothing is known against the file: another process may have better luck with it.
				throw new StepError('WORKER_LOST', message, {cause: error, mayPass: true});
			}
		},
		close: async () => {},
	};
}

/** A process that was ended could not. */
async function removeOutputs({outputFolder}: StepInput, names: readonly string[]): Promise<void> {
	for (const name of names) await rm(systemPath(join(outputFolder, name)), {force: true}).catch(() => {});
}

const requestOf = ({
	file,
	tag,
	metadata,
	outputFolder,
	outputPrefix,
	state,
}: StepInput): Omit<RunRequest, 'processor' | 'settings' | 'readSettings' | 'maxTextBytes' | 'maxOutputBytes'> => ({
	file,
	tag,
	metadata,
	outputFolder,
	outputPrefix,
	state,
});
