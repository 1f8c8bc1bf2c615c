// How the workers are doing that read for this server on other machines.
import type {WorkerInfo} from '../../model/worker-info.ts';
import {type Family, gauge, ONE} from './families.ts';
import {metric} from './metric-names.ts';

const STATES = ['ready', 'ending', 'other-version'] as const;

export type WorkerState = (typeof STATES)[number];

/** Workers of another version take no files of this one. */
export const stateOfWorker = ({fits, isDraining}: Pick<WorkerInfo, 'fits' | 'isDraining'>): WorkerState =>
	fits ? (isDraining ? 'ending' : 'ready') : 'other-version';

export function workerFamilies(workers: () => readonly WorkerInfo[]): readonly Family[] {
	const sumOf = (of: (worker: WorkerInfo) => number): number =>
		workers().reduce((sum, worker) => sum + (worker.fits ? of(worker) : 0), 0);
	return [
		gauge(metric('fileproc_workers'), () =>
			STATES.map(state => ({
				labels: {state},
				value: workers().filter(worker => stateOfWorker(worker) === state).length,
			})),
		),
		gauge(metric('fileproc_worker_threads'), () => ONE(sumOf(({threads}) => threads))),
		gauge(metric('fileproc_worker_jobs'), () => ONE(sumOf(({jobs}) => jobs))),
		gauge(metric('fileproc_worker_bytes_per_second'), () => ONE(sumOf(({bytesPerSecond}) => bytesPerSecond))),
	];
}
