// The queue of a run, where one was named: its files are read by workers.
import {readFile} from 'node:fs/promises';
import {QueueError} from '../../../cluster/connection.ts';
import {type OpenCluster, openCluster} from '../../../cluster/open-cluster.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {type QueueFlags, readQueueFlags} from '../../arguments/read-worker-flags.ts';
import type {RunSettings} from '../../arguments/settings.ts';

/** On this machine alone things may go without a secret: then it is this one, which everybody knows. Workers warn of it. */
const NO_SECRET = 'fileproc-tui on this machine';

/** @throws {EnvironmentError} */
export async function readSecret({secret, secretFile}: QueueFlags): Promise<string> {
	if (secretFile === null) return secret ?? NO_SECRET;
	let text: string;
	try {
		text = await readFile(secretFile, 'utf8');
	} catch (error) {
		throw new EnvironmentError(`The secret of the queue cannot be read from ${safe(secretFile)}`, error);
	}
	if (text.trim() === '')
		throw new EnvironmentError(`The file ${safe(secretFile)} is empty: expected the secret of the queue in it.`);
	return text.trim();
}

/** Runs what needs a queue; what is wrong with that is one sentence. */
export async function withQueueErrors<Result>(open: () => Promise<Result>): Promise<Result> {
	try {
		return await open();
	} catch (error) {
		throw error instanceof QueueError ? new EnvironmentError(error.message) : error;
	}
}

const toStandardError = (sentence: string): void => void process.stderr.write(`fileproc-tui: ${safe(sentence)}\n`);

/** @param say - Tells people. */
export async function openRunCluster(
	settings: RunSettings,
	say: (sentence: string) => void = toStandardError,
): Promise<OpenCluster | null> {
	const flags = readQueueFlags(settings);
	if (flags === null) return null;
	const secret = await readSecret(flags);
	return withQueueErrors(() =>
		openCluster({
			...{address: flags.address, secret},
			onMessage: say,
		}),
	);
}
