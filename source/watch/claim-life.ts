// The life of a claim, from the file in `unprocessed/` to the one at its destination. Every step of it is on the disk before the next one
// begins, so a process may die between any two of them: recovery goes on from what the ledger and the folders say.
//
//   intent committed → moved to underprocess/ → attempt committed → hashed, routed, worked on → still the same?
//   → outcome committed → results written → moved to its destination → end committed
import {lstat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {computeRetryWaitMs, isRetryable} from '../engine/jobs/retry-policy.ts';
import type {ClaimChange, Decision, KnownClaim, KnownOutcome, NewClaim, ResultKey} from '../ledger/claims-protocol.ts';
import type {RunFact} from '../model/events.ts';
import type {ErrorReport} from '../model/report.ts';
import type {Route, StepError} from '../pipeline/pipeline.ts';
import {runSteps, type WayOutcome} from '../pipeline/run-steps.ts';
import {displayPath, systemPath} from '../text/path-text.ts';
import {messageOf} from '../text/system-error.ts';
import {type AttemptEnd, CHANGED, crashLoop, type DecidedEnd, NO_ROUTE, NOT_REGULAR} from './attempt-ends.ts';
import {duplicateReport, reportOf, toError} from './claim-reports.ts';
import {documentOfDecision, reasonDocument, resultDocument} from './documents.ts';
import {duplicateDocument} from './duplicate-document.ts';
import {stateOf} from './exact-state.ts';
import {giveBack} from './give-back.ts';
import {type HashedFile, hashFile} from './hash-file.ts';
import {makeWorkFolder, publish, syncOutputs} from './publish.ts';
import {isFullDisk, isGone, systemCodeOf, unlessRefused} from './refusal.ts';
import type {WatchContext} from './watch-context.ts';

/** A claim whose file lies, or is about to lie, in `underprocess/`. */
export type OpenClaim = Pick<KnownClaim, keyof NewClaim | 'attempts' | 'cutAttempts'> & {
	/** How events name it. */
	readonly jobId: number;
};

/** Processes that have died over a file: the next one is expected to die, too. */
const MAX_CUT_ATTEMPTS = 3;
/** After an error that may pass. */
const MAX_ATTEMPTS = 3;
/** So often a file may change under the hands of its readers. */
const MAX_CHANGES = 20;

export const newClaimOf = ({jobId: _, attempts: __, cutAttempts: ___, ...claim}: OpenClaim): NewClaim => claim;

/** Works on a claimed file until it is at its destination, or there is no time left. */
export const workOn = (context: WatchContext, claim: OpenClaim): Promise<void> =>
	unlessRefused(context, claim, () => workUntilDone(context, claim));

async function workUntilDone(context: WatchContext, claim: OpenClaim): Promise<void> {
	let {attempts} = claim;
	let [failures, changes, wasTold] = [0, 0, false];
	for (;;) {
		const current = {...claim, attempts: attempts + 1};
		const address = addressOf(claim);
		const attempt = ++attempts;
		const stats = await lstat(systemPath(pathOf(context, claim)), {bigint: true}).catch(() => null);
		const change: ClaimChange = {
			...{type: 'start', id: claim.id, attempt, at: context.wallClock()},
			...{identity: stats === null ? '' : stateOf(stats), bytes: Number(stats?.size ?? claim.bytes)},
		};
		const facts: RunFact[] = [{type: 'file-started', ...address, attempt}];
		if (!wasTold) facts.unshift({type: 'file-queued', ...address, attempt: 0, bytesTotal: change.bytes, isAdded: true});
		await context.commit([change], facts);
		wasTold = true;
		const end = await attemptOnce(context, {...current, bytes: change.bytes}).catch(async error => {
			const code = systemCodeOf(error);
			if (code !== null)
				await context.commit([{type: 'give-up', id: claim.id, attempt, at: context.wallClock(), code}], []);
			throw error;
		});
		if (end.type === 'decided') return finish(context, claim, end.decision, end.document);
		context.states.release(claim.id);
		if (end.type === 'again') {
			if (end.hasChanged) changes++;
			else if (!(await context.isOutOfRoom(end.error.code))) failures += end.wasRetried ? MAX_ATTEMPTS : 1;
			const waitMs = end.hasChanged ? context.settleMs : computeRetryWaitMs(failures, Math.random());
			if (failures < MAX_ATTEMPTS && changes < MAX_CHANGES && !context.signal.aborted) {
				await context.commit(
					[{type: 'give-up', id: claim.id, attempt, at: context.wallClock(), code: end.error.code}],
					[{type: 'file-retrying', ...address, attempt, error: end.error, waitMs}],
				);
				await context.aside(async () => {
					if (end.hasChanged) await untilAtRest(context, pathOf(context, claim));
					else await wait(waitMs, undefined, {signal: context.signal}).catch(() => {});
				});
				continue;
			}
			if (!context.signal.aborted) {
				const {error, way = null, contentHash = null} = end;
				const {decision, document} = await decide(context, current, failed(current, error, way, contentHash));
				return finish(context, claim, decision, document);
			}
		}
		return giveBack(context, claim, attempt);
	}
}

const pathOf = ({folders}: WatchContext, {storedName}: OpenClaim): string => join(folders.underprocess, storedName);

export const addressOf = ({name, jobId, id}: OpenClaim) => ({file: displayPath(name), jobId, claim: id});

async function attemptOnce(context: WatchContext, claim: OpenClaim): Promise<AttemptEnd> {
	const {signal} = context;
	const fail = (error: ErrorReport): Promise<AttemptEnd> => decide(context, claim, failed(claim, error, null, null));
	if (claim.cutAttempts >= MAX_CUT_ATTEMPTS) return fail(toError('CRASH_LOOP', crashLoop(claim.cutAttempts)));
	try {
		const hashed = await hashFile(pathOf(context, claim), signal);
		if (hashed === null) return await fail(toError('NOT_A_REGULAR_FILE', NOT_REGULAR));
		const route = await routeOf(context, claim);
		if (route === undefined) return await fail(toError('NO_ROUTE', `There is no route ${claim.route} any more.`));
		const key = keyOf(context, claim, route, hashed.hash);
		const look = async (): Promise<KnownOutcome | null> =>
			claim.source === 'retry' ? null : context.ask({type: 'outcome', key});
		const conclude = async (end: AttemptEnd): Promise<AttemptEnd> => {
			if (end.type !== 'decided') return end;
			return (await isUnchanged(context, claim, hashed)) ? decide(context, claim, end) : CHANGED;
		};
		const before = await look();
		if (before !== null) return await conclude(duplicate(claim, hashed, before));
		// Of those with the same content that come together, the first one works on it, and the others are its duplicates.
		return await context.once(key, async () => {
			const known = await look();
			if (known !== null) return conclude(duplicate(claim, hashed, known));
			if (route === null) return conclude(lasting(claim, hashed, null, NO_ROUTE, key));
			return conclude(await workAlong(context, claim, hashed, route, key));
		});
	} catch (error) {
		if (signal.aborted) return {type: 'stopped'};
		const code = systemCodeOf(error);
		if (code === null || (code === 'ENOENT' && !(await hasVanished(context, claim)))) throw error;
		const report = toError(code === 'ENOENT' ? 'VANISHED' : code, messageOf(error));
		return isRetryable(code) || isFullDisk(code) ? {type: 'again', error: report, hasChanged: false} : fail(report);
	}
}

/** The one that a person has chosen, or else the one that fits. `undefined`: the chosen one is not there any more. */
async function routeOf(context: WatchContext, claim: OpenClaim): Promise<Route | null | undefined> {
	const {route = null} = claim;
	if (route === null) return context.chooseRoute(claim, pathOf(context, claim));
	return context.pipeline.routes.find(({tag}) => tag === route);
}

/** Whether it is still what was hashed, and read. */
async function isUnchanged(context: WatchContext, claim: OpenClaim, {stats}: HashedFile): Promise<boolean> {
	const after = await lstat(systemPath(pathOf(context, claim)), {bigint: true}).catch(() => null);
	return after !== null && stateOf(after) === stateOf(stats);
}

/** Whether it is the file alone that is not there. */
const hasVanished = async (context: WatchContext, claim: OpenClaim): Promise<boolean> =>
	(await isGone(pathOf(context, claim))) && (await context.isThere());

/** Takes the file along its way. */
async function workAlong(
	context: WatchContext,
	claim: OpenClaim,
	hashed: HashedFile,
	route: Route,
	key: ResultKey,
): Promise<AttemptEnd> {
	const path = pathOf(context, claim);
	const outputFolder = await makeWorkFolder(context.folders, claim.id);
	const way = await runSteps({
		...{pipeline: context.pipeline, route, processor: context.processor, outputFolder, now: context.now},
		file: {claim: claim.id, name: claim.name, path, bytes: Number(hashed.stats.size), contentHash: hashed.hash},
		outputPrefix: `${claim.storedName}.`,
		takeState: processor => context.aside(() => context.states.take(claim.id, processor)),
		onStep: (tag, processor) => context.onStep(claim.id, tag, processor),
		aside: context.aside,
		signal: context.signal,
	});
	if (context.signal.aborted) return {type: 'stopped'};
	const names = way.outputs.map(({name}) => name);
	await syncOutputs(outputFolder, names);
	if (way.failure !== null) {
		const {code, message, mayPass, wasRetried} = way.failure;
		const error = {...(way.report?.error ?? toError(code, message)), code, message};
		if (code === CHANGED.error.code) return {...CHANGED, error};
		if (mayPass || isFullDisk(code))
			return {type: 'again', error, hasChanged: false, wasRetried, way, contentHash: hashed.hash};
		return lasting(claim, hashed, way, way.failure, key);
	}
	const document = resultDocument(claim, way, hashed.hash);
	const decision: Decision = {
		...{status: 'completed', destination: 'processed', duplicateOf: null, code: null, message: null},
		...{tag: way.tag, step: way.step, rows: way.report?.rows ?? null, rejectedRows: way.report?.rejected_rows ?? null},
		...{contentHash: hashed.hash, outputs: names, result: {key, json: document}},
		states: Array.from(way.states, ([processor, state]) => ({processor, state})),
	};
	return {type: 'decided', decision, document, report: reportOf(claim, way, null)};
}

/** A failure that comes again with the same content. */
function lasting(
	claim: OpenClaim,
	{hash}: HashedFile,
	way: WayOutcome | null,
	{code, message}: Pick<StepError, 'code' | 'message'>,
	key: ResultKey,
): DecidedEnd {
	const error = way?.report?.error ?? toError(code, message);
	const end = failed(claim, {...error, code, message}, way, hash);
	return {...end, decision: {...end.decision, result: {key, json: end.document}}};
}

function failed(claim: OpenClaim, error: ErrorReport, way: WayOutcome | null, contentHash: string | null): DecidedEnd {
	const {code, message} = error;
	const document = reasonDocument(claim, {code, message, attempts: claim.attempts, contentHash}, way);
	const decision: Decision = {
		...{status: 'failed', destination: 'failed', duplicateOf: null, code, message, contentHash},
		...{tag: way?.tag ?? null, step: way?.step ?? null, rows: way?.report?.rows ?? null},
		...{rejectedRows: way?.report?.rejected_rows ?? null, outputs: way?.outputs.map(({name}) => name) ?? []},
		...{result: null, states: []},
	};
	return {type: 'decided', decision, document, report: reportOf(claim, way, error)};
}

function duplicate(claim: OpenClaim, {hash}: HashedFile, outcome: KnownOutcome): DecidedEnd {
	const {claim: of, name, destination, code, message} = outcome;
	const decision: Decision = {
		...{status: 'duplicate', destination, duplicateOf: of, duplicateOfName: name, code, message, contentHash: hash},
		...{tag: null, step: null, rows: null, rejectedRows: null, outputs: [], result: null, states: []},
	};
	return {
		type: 'decided',
		decision,
		document: documentOfDecision(claim, decision),
		report: duplicateReport(claim, outcome),
	};
}

/** Resolves when the outcome is on the disk. */
async function decide(context: WatchContext, claim: OpenClaim, end: DecidedEnd): Promise<DecidedEnd> {
	const {decision, report} = end;
	const type = ({completed: 'file-completed', failed: 'file-failed', duplicate: 'file-skipped'} as const)[
		decision.status
	];
	const place = displayPath(join(decision.destination, dirname(claim.name), claim.storedName));
	const fact: RunFact = {type, ...addressOf(claim), attempt: claim.attempts, report, place, tag: decision.tag};
	const at = context.wallClock();
	await context.commit([{type: 'decide', id: claim.id, at, decision}], [fact], {jobId: claim.jobId, report});
	context.states.release(claim.id);
	context.onDecided(claim, decision, at);
	return end;
}

/** What is left to do of a decided claim. */
export async function finish(
	context: WatchContext,
	claim: Pick<OpenClaim, 'id' | 'name' | 'storedName'>,
	decision: Omit<Decision, 'result' | 'states'>,
	document: string,
): Promise<void> {
	const whole = await duplicateDocument(context, decision, document);
	await context.untilDone(() => publish({claim, decision, document: whole}, context));
	await context.commit([{type: 'finish', id: claim.id, at: context.wallClock()}], []);
}

/** What the same bytes come to in the same way. */
function keyOf({pipeline}: WatchContext, {name}: OpenClaim, route: Route | null, content: string): ResultKey {
	const ending = /\.[^/]*$/.exec(name.toLowerCase().replace(/^.*\//, ''))?.[0] ?? '';
	return {settings: pipeline.digest, content, kind: `${route?.tag ?? ''} ${ending.slice(0, 100)}`};
}

/** Waits until nobody writes to a file any more. */
export async function untilAtRest({settleMs, signal}: WatchContext, path: string): Promise<void> {
	let before: string | null = null;
	while (!signal.aborted) {
		const stats = await lstat(systemPath(path), {bigint: true}).catch(() => null);
		const state = stats === null ? '' : stateOf(stats);
		if (state === before) return;
		before = state;
		await wait(settleMs, undefined, {signal}).catch(() => {});
	}
}
