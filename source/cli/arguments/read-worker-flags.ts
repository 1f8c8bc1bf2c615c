// What a worker is started with.
import type {QueueAddress} from '../../cluster/queue-address.ts';
import {parseQueueAddress} from '../../cluster/queue-address.ts';
import {findPercentFault} from '../../text/secret-address.ts';
import {type FlagValues, getDefault} from './flags.ts';
import type {ResolvedSettings, RunSettings} from './settings.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface WorkerCommand {
	readonly name: 'worker';
	readonly queue: QueueFlags;
	/** `null`: one for each core. */
	readonly threads: number | null;
	readonly rootMaps: readonly {readonly from: string; readonly to: string}[];
	/** `null`: that of the machine. */
	readonly workerName: string | null;
	readonly graceMs: number;
	/** Of files that a server has encrypted; `null`: it reads none. */
	readonly encryptionKeyFile: string | null;
}

/** A queue, and where its secret is. */
export interface QueueFlags {
	readonly address: QueueAddress;
	readonly secret: string | null;
	readonly secretFile: string | null;
}

/**
@returns `null` where no queue is named.
@throws {UsageError}
*/
export function readQueueFlags({queue, queueSecret, queueSecretFile}: RunSettings): QueueFlags | null {
	if (queue === null) return null;
	const address = parseQueueAddress(queue);
	if (address === null)
		throw new UsageError(
			`--queue takes the address of a queue: ${findPercentFault(queue) ?? 'one like redis://host:6379'}.`,
		);
	if (queueSecret === null && queueSecretFile === null && !address.isLocal)
		throw new UsageError(
			`The queue at ${address.shown} is on another machine, so what goes through it must be signed: set FILEPROC_QUEUE_SECRET, or add --queue-secret-file <file>.`,
		);
	return {address, secret: queueSecret, secretFile: queueSecretFile};
}

/** At the queue or with a worker, where nobody says otherwise: enough for the threads of some machines. */
const FILES_IN_QUEUE = 64;

/**
The settings of a run whose files workers may read.

@throws {UsageError}
*/
export function forWorkers<Resolved extends ResolvedSettings>({settings, sources, ...rest}: Resolved) {
	const {queue, rejects, queueSecret, queueSecretFile} = settings;
	if (queue === null) return {settings, sources, ...rest};
	if (queueSecret !== null && queueSecretFile !== null)
		throw new UsageError('--queue-secret and --queue-secret-file exclude each other: give one of them.');
	if (rejects !== null)
		throw new UsageError(
			'--queue and --rejects exclude each other: all rejected records are written by threads of this machine only. The report has the first ones of each file.',
		);
	// Other machines have threads of their own.
	const concurrency = sources.concurrency.kind === 'default' ? FILES_IN_QUEUE : settings.concurrency;
	return {settings: {...settings, concurrency}, sources, ...rest};
}

/** @throws {UsageError} */
export function readWorkerWords(rest: readonly string[], values: FlagValues, settings: RunSettings): WorkerCommand {
	if (rest[0] !== undefined)
		throw new UsageError(`worker takes no files, but got ${quoted(rest[0])}: it reads what comes through the queue.`);
	const queue = readQueueFlags(settings);
	if (queue === null)
		throw new UsageError(
			'Say which queue to take files from, for example: fileproc-tui worker --queue redis://host:6379.',
		);
	return {
		...{name: 'worker', queue, threads: settings.threads, workerName: values.name ?? null},
		rootMaps: (values['root-map'] ?? []).map(text => {
			const [from = '', to = ''] = text.split(/=(.*)/);
			return {from, to};
		}),
		graceMs: (values.grace ?? getDefault('grace')) * 1000,
		encryptionKeyFile: values['encryption-key-file'] ?? null,
	};
}
