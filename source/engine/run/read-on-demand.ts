// Results on demand are not part of a report, so an ordinary reading does not compute them. When a person looks at them, a thread
// of its own reads the file from its beginning. It lives while the person looks and does nothing else, so the answer comes at
// once even where all threads of the pool are busy, and closing the view ends it.

import {describeAnalysis} from '../../analysis/describe-analysis.ts';
import {onDemandAnalyses} from '../../analysis/on-demand.ts';
import type {ResultObject} from '../../model/analysis-info.ts';
import type {FileAddress} from '../../model/file-address.ts';
import type {OnDemand, ReadingSoFar} from '../../model/run-control.ts';
import type {Job} from '../jobs/job.ts';
import {type StartedThread, startThread} from '../pool/start-thread.ts';
import type {FromWorker, OnDemandReply, OnDemandRequest} from '../shared/protocol.ts';
import {canReadAgain} from '../shared/source-location.ts';
import type {ReadStates} from './read-states.ts';

/** Whether a result of a file in this state still belongs to what events say of it. */
type StillHolds = (identity: string | null) => boolean;

export const readOnDemandOf = (find: (address: FileAddress) => Job | undefined, readStates: ReadStates): OnDemand => ({
	analyses: onDemandAnalyses.map(describeAnalysis),
	async read(analysis, file, signal, onSoFar = () => {}, jobId) {
		const declaration = onDemandAnalyses.find(({name}) => name === analysis);
		const job = find(jobId === undefined ? {file} : {file, jobId});
		if (declaration === undefined || job === undefined || !canReadAgain(job.source) || signal.aborted) return null;
		const {source, attempts} = job;
		const settings = job.rules.readSettings;
		const identity = readStates.identityOf(job.readState);
		const hasCompleted = job.report?.status === 'completed';
		if (hasCompleted ? identity === null : job.phase !== 'running') return null;
		// While it runs it is read as it is now: its own reading finds out whether it is still what it was.
		const expected = hasCompleted ? identity : null;
		const request = {type: 'read-on-demand', declaration, source, settings, identity: expected} as const;
		const stillHolds: StillHolds = read =>
			job.attempts === attempts &&
			(job.report?.status === 'completed' ? readStates.identityOf(job.readState) === read : job.phase === 'running');
		return readOnOwnThread(request, signal, stillHolds, onSoFar);
	},
});

function readOnOwnThread(
	request: OnDemandRequest,
	signal: AbortSignal,
	stillHolds: StillHolds,
	onSoFar: (soFar: ReadingSoFar) => void,
): Promise<ResultObject | null> {
	let thread: StartedThread;
	try {
		thread = startThread();
	} catch {
		// The machine allows no more threads, or too many hang.
		return Promise.resolve(null);
	}
	const {worker, ready} = thread;
	// A process that has nothing else to do ends without it.
	worker.unref();
	return new Promise(resolve => {
		let isOver = false;
		const end = (result: ResultObject | null): void => {
			if (isOver) return;
			isOver = true;
			signal.removeEventListener('abort', giveUp);
			resolve(result);
			void thread.end();
		};
		const giveUp = (): void => end(null);
		signal.addEventListener('abort', giveUp, {once: true});
		worker.on('message', (reply: FromWorker | OnDemandReply) => {
			// What was on its way when it was ended is not wanted.
			if (isOver || reply.type === 'ready') return;
			const isReading = reply.type === 'on-demand-so-far' || reply.type === 'read-on-demand';
			if (!isReading || !stillHolds(reply.identity)) giveUp();
			else if (reply.type === 'read-on-demand') end(reply.result);
			else onSoFar({result: reply.result, bytesRead: reply.bytesRead, bytesTotal: reply.bytesTotal});
		});
		worker.once('exit', giveUp);
		void ready.then(() => worker.postMessage(request));
	});
}
