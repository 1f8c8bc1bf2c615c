// The workers that read files for this server on other machines, for operators.
import type {ReactNode} from 'react';
import {formatBytes, formatInteger, formatSeconds} from '../../text/format.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {T} from '../texts.ts';

/** As `/stats` tells of it. */
export interface WorkerTold {
	readonly name: string;
	readonly version: string;
	readonly state: keyof typeof T.overview.workerStates;
	readonly threads: number;
	readonly jobs: number;
	readonly files: number;
	/** Of large files. */
	readonly parts: number;
	readonly bytes_per_second: number;
	readonly seen_seconds: number;
}

const COLUMNS: readonly Column<WorkerTold>[] = [
	{id: 'name', title: T.overview.worker, rank: ({name}) => name, show: ({name}) => name},
	{id: 'version', title: T.overview.version, show: ({version}) => version},
	{id: 'state', title: T.overview.workerState, show: ({state}) => T.overview.workerStates[state]},
	figure(
		'jobs',
		T.overview.jobs,
		({jobs}) => jobs,
		({jobs, threads}) => `${formatInteger(jobs)}/${formatInteger(threads)}`,
	),
	figure('files', T.overview.datasets, ({files}) => files),
	figure('parts', T.overview.parts, ({parts}) => parts),
	figure(
		'speed',
		T.overview.speed,
		worker => worker.bytes_per_second,
		worker => `${formatBytes(worker.bytes_per_second)}/s`,
	),
	figure(
		'seen',
		T.overview.seen,
		worker => worker.seen_seconds,
		worker => formatSeconds(worker.seen_seconds),
	),
];

function figure(
	id: string,
	title: string,
	rank: (worker: WorkerTold) => number,
	show = (worker: WorkerTold): string => formatInteger(rank(worker)),
): Column<WorkerTold> {
	return {id, title, isFigure: true, rank, show};
}

export const Workers = ({workers}: {readonly workers: readonly WorkerTold[]}): ReactNode => (
	<section aria-labelledby="workers">
		<h2 id="workers">{T.overview.workers}</h2>
		{workers.length === 0 ? (
			<p>{T.overview.noWorkers}</p>
		) : (
			<DataTable
				caption={T.overview.workers}
				isCaptionHidden
				columns={COLUMNS}
				rows={workers}
				keyOf={({name}) => name}
			/>
		)}
	</section>
);
