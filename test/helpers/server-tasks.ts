// The tasks of a server, without its HTTP side.

import {taskOptions} from '../../source/cli/commands/serve/task-options.ts';
import type {BatchSettings} from '../../source/engine/batch.ts';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {Datasets} from '../../source/server/datasets.ts';
import {Downloads} from '../../source/server/downloads.ts';
import {EventHub} from '../../source/server/event-hub.ts';
import {Results} from '../../source/server/results.ts';
import {FullTables} from '../../source/server/tables/full-tables.ts';
import type {TaskLimits} from '../../source/server/task-queue.ts';
import {Tasks} from '../../source/server/tasks.ts';
import type {createTemporaryFolder} from './temporary-folder.ts';

export interface OpenTasks {
	readonly ledger: ServerLedger;
	readonly datasets: Datasets;
	readonly tasks: Tasks;
	readonly results: Results;
	readonly hub: EventHub;
	readonly close: () => Promise<void>;
}

/** One after the other, as a server with this folder would have them. */
export async function openTasks(
	folder: ReturnType<typeof createTemporaryFolder>,
	settings: BatchSettings = {threads: 1},
	further: Partial<TaskLimits> = {},
	onFault: (error: unknown) => void = error => {
		throw error;
	},
): Promise<OpenTasks> {
	const ledger = await ServerLedger.open(folder.at('ledger.db'));
	const limits = {maxConcurrentTasks: 1, maxQueued: 10, maxQueuedPerUser: 10, onFull: 'queue', ...further} as const;
	const downloads = new Downloads();
	const datasets = new Datasets(ledger, folder.path, downloads, {
		...{maxBytes: 100_000_000, timeToLiveMs: null, quotaBytes: null, quotaFiles: null},
	});
	const fullTables = new FullTables(folder.path);
	const results = new Results({
		...{ledger, fullTables, datasets, downloads, folder: folder.path, timeToLiveMs: null, maxRejects: 1000, settings},
		taskOptions,
	});
	const hub = await EventHub.open(ledger);
	const tasks = new Tasks({
		chooseMapping: async () => null,
		...{ledger, datasets, hub, limits, settings, fullTables, taskOptions, onFault},
		keepBeside: (...kept) => results.keepBeside(...kept),
	});
	return {
		...{ledger, datasets, tasks, results, hub},
		async close() {
			await tasks.close();
			await fullTables.close();
			await ledger.close();
		},
	};
}
