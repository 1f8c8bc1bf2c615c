// Results on demand are not part of a report, so an ordinary reading does not compute them. When a person looks at them, a thread
// of its own reads the file from its beginning. It lives while the person looks and does nothing else, so the answer comes at
// once even where all threads of the pool are busy, and closing the view ends it.

import type {AnalysisDeclaration} from '../../analysis/declaration.ts';
import {describeAnalysis} from '../../analysis/describe-analysis.ts';
import {onDemandAnalyses} from '../../analysis/on-demand.ts';
import {understandQuestion} from '../../analysis/question/understand-question.ts';
import type {ResultObject} from '../../model/analysis-info.ts';
import type {FileAddress} from '../../model/file-address.ts';
import type {OnDemand, ReadingSoFar} from '../../model/run-control.ts';
import type {Job} from '../jobs/job.ts';
import {type StartedThread, startThread} from '../pool/start-thread.ts';
import type {FromWorker, OnDemandReply, OnDemandRequest, ReadSettings} from '../shared/protocol.ts';
import {canReadAgain} from '../shared/source-location.ts';
import type {ReadStates} from './read-states.ts';

/** Whether a result of a file in this state still belongs to what events say of it. */
type StillHolds = (identity: string | null) => boolean;

export function readOnDemandOf(find: (address: FileAddress) => Job | undefined, readStates: ReadStates): OnDemand {
	const readFor = async (
		{declaration, where}: Wanted,
		address: FileAddress,
		signal: AbortSignal,
		onSoFar: (soFar: ReadingSoFar) => void = () => {},
	): Promise<Answer> => {
		const job = find(address);
		if (job === undefined || !canReadAgain(job.source) || signal.aborted) return noAnswer;
		const {source, attempts} = job;
		const {readSettings} = job.rules;
		// What was made of the file fits its header; of the choice of the run, nothing may.
		const settings = withCondition({...readSettings, analysis: job.report?.analysis ?? readSettings.analysis}, where);
		const identity = readStates.identityOf(job.readState);
		const hasCompleted = job.report?.status === 'completed';
		if (hasCompleted ? identity === null : job.phase !== 'running') return noAnswer;
		// While it runs it is read as it is now: its own reading finds out whether it is still what it was.
		const expected = hasCompleted ? identity : null;
		const request = {type: 'read-on-demand', declaration, source, settings, identity: expected} as const;
		const stillHolds: StillHolds = read =>
			job.attempts === attempts &&
			(job.report?.status === 'completed' ? readStates.identityOf(job.readState) === read : job.phase === 'running');
		return readOnOwnThread(request, signal, stillHolds, onSoFar);
	};
	return {
		analyses: onDemandAnalyses.map(describeAnalysis),
		async read(analysis, file, signal, onSoFar, jobId) {
			const declaration = onDemandAnalyses.find(({name}) => name === analysis);
			if (declaration === undefined) return null;
			return (await readFor({declaration, where: null}, addressOf(file, jobId), signal, onSoFar)).result;
		},
		understand(question) {
			const understood = understandQuestion(question);
			return 'problem' in understood ? understood : {info: describeAnalysis(understood.declaration)};
		},
		async ask(question, file, signal, onSoFar, jobId) {
			const understood = understandQuestion(question);
			if ('problem' in understood) throw new RangeError(understood.problem);
			const {result, problem} = await readFor(understood, addressOf(file, jobId), signal, onSoFar);
			if (problem !== undefined) throw new RangeError(problem);
			return result;
		},
	};
}

interface Wanted {
	readonly declaration: AnalysisDeclaration;
	/** Beside the condition of the run; `null` for none. */
	readonly where: string | null;
}

interface Answer {
	readonly result: ResultObject | null;
	readonly problem?: string | undefined;
}

const noAnswer: Answer = {result: null};

const addressOf = (file: string, jobId: number | undefined): FileAddress =>
	jobId === undefined ? {file} : {file, jobId};

/** A question is about the records of the run. */
function withCondition(settings: ReadSettings, where: string | null): ReadSettings {
	if (where === null) return settings;
	return {...settings, where: settings.where === undefined ? where : `(${settings.where}) and (${where})`};
}

function readOnOwnThread(
	request: OnDemandRequest,
	signal: AbortSignal,
	stillHolds: StillHolds,
	onSoFar: (soFar: ReadingSoFar) => void,
): Promise<Answer> {
	let thread: StartedThread;
	try {
		thread = startThread();
	} catch {
		// The machine allows no more threads, or too many hang.
		return Promise.resolve(noAnswer);
	}
	const {worker, ready} = thread;
	// A process that has nothing else to do ends without it.
	worker.unref();
	return new Promise(resolve => {
		let isOver = false;
		const end = (answer: Answer): void => {
			if (isOver) return;
			isOver = true;
			signal.removeEventListener('abort', giveUp);
			resolve(answer);
			void thread.end();
		};
		const giveUp = (): void => end(noAnswer);
		signal.addEventListener('abort', giveUp, {once: true});
		worker.on('message', (reply: FromWorker | OnDemandReply) => {
			// What was on its way when it was ended is not wanted.
			if (isOver || reply.type === 'ready') return;
			const isReading = reply.type === 'on-demand-so-far' || reply.type === 'read-on-demand';
			if (reply.type === 'read-on-demand' && reply.problem !== undefined) end(reply);
			else if (!isReading || !stillHolds(reply.identity)) giveUp();
			else if (reply.type === 'read-on-demand') end(reply);
			else onSoFar({result: reply.result, bytesRead: reply.bytesRead, bytesTotal: reply.bytesTotal});
		});
		worker.once('exit', giveUp);
		void ready.then(() => worker.postMessage(request));
	});
}
