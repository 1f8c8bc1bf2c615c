// Watches a folder: takes the files that have come to rest, sees each to its destination, and goes on with what an earlier process has left.
import type {ClaimsLedger} from '../ledger/claims-ledger.ts';
import type {ClaimChange} from '../ledger/claims-protocol.ts';
import type {FileLock} from '../ledger/file-lock.ts';
import type {RunEnd} from '../ledger/protocol.ts';
import {toRow} from '../ledger/save-run.ts';
import type {RunEvent, RunFact} from '../model/events.ts';
import type {FileReport, RunStatus} from '../model/report.ts';
import {TotalsSum} from '../model/totals.ts';
import type {WatchStatus} from '../model/watch-status.ts';
import type {FolderLook} from '../model/watched-folder.ts';
import {FolderSync} from '../report/folder-sync.ts';
import {messageOf} from '../text/system-error.ts';
import {type BegunLedger, beginLedger} from './begin-ledger.ts';
import {ClaimAddresses} from './claim-addresses.ts';
import {createClaimIds} from './claim-ids.ts';
import {workOn} from './claim-life.ts';
import {EventFeed} from './event-feed.ts';
import {FolderHints} from './folder-hints.ts';
import {storedName, type WatchFolders, watchFolders} from './folders.ts';
import {InTurn} from './in-turn.ts';
import {Inbox} from './inbox.ts';
import {LiveStatus} from './live-status.ts';
import type {LoadedPipeline} from './loaded-pipeline.ts';
import {Obstacles} from './obstacles.ts';
import {takeFolder} from './owner-lock.ts';
import {prepareFolders, watchErrorOf} from './prepare-folders.ts';
import {ProcessorStates} from './processor-states.ts';
import {recover} from './recover.ts';
import {systemCodeOf} from './refusal.ts';
import {Rest} from './rest.ts';
import {Retries, type WantedRetry} from './retries.ts';
import {retryWanted} from './retry-claim.ts';
import {type RequestOptions, RetryRequests, requestRetriesOf} from './retry-requests.ts';
import {SameFolder} from './same-folder.ts';
import {Slots} from './slots.ts';
import {FULL_FOR_LONG, Storage} from './storage.ts';
import {takeFile} from './take-file.ts';
import type {WatchContext} from './watch-context.ts';
import {WatchError} from './watch-error.ts';
import type {WatcherOptions} from './watcher-options.ts';

/** A file that two processes have died over already is worked on while nothing else is. */
const SUSPECT_CUTS = 2;
/** While files wait in line, the inbox is looked at for a tenth of the time at most. */
const RESTS_PER_SCAN = 9;
/** With `once`, files that go on growing are left after so many times the settling time, and a full disk is. */
const ONCE_SETTLES = 10;

export class Watcher {
	/** The id of the run that this watching is, in the ledger and in logs. */
	readonly runId: string;
	readonly #options: WatcherOptions;
	readonly #folders: WatchFolders;
	readonly #ledger: ClaimsLedger;
	readonly #live: LiveStatus;
	readonly #lock: FileLock;
	readonly #feed: EventFeed;
	readonly #inbox: Inbox;
	readonly #storage: Storage;
	readonly #states: ProcessorStates;
	readonly #sync = new FolderSync();
	readonly #createId = createClaimIds();
	readonly #startedMs = performance.now();
	/** Claims between their intent and their end. */
	readonly #open = new Set<string>();
	readonly #addresses = new ClaimAddresses();
	readonly #retries = new Retries();
	readonly #requests: RetryRequests;
	readonly #inTurn = new InTurn();
	readonly #slots = new Slots(() => this.#goOn());
	readonly #stopping = new AbortController();
	readonly #givingBack = new AbortController();
	readonly #obstacles: Obstacles;
	readonly #totals = new TotalsSum();
	#scanFault: string | null = null;
	#failure: {readonly error: unknown} | null = null;
	#loaded: LoadedPipeline;
	#jobCount = 0;
	/** With `once`: how long it waits for what does not come. */
	readonly #patienceMs: number;
	#fullTimer: NodeJS.Timeout | undefined;
	#isClosed = false;
	readonly #rest = new Rest();
	readonly #hints = new FolderHints(() => this.#rest.hint());
	readonly #folder: SameFolder;

	/** @throws {WatchError} When the folder cannot be watched. @throws {LedgerError} When its ledger cannot be written. */
	static async open(options: WatcherOptions): Promise<Watcher> {
		const folders = watchFolders(options.root);
		const hasBallast = await prepareFolders(folders, options);
		const lock = takeFolder(folders);
		try {
			return new Watcher(options, folders, lock, await beginLedger(folders, options, hasBallast));
		} catch (error) {
			lock.release();
			throw error;
		}
	}

	private constructor(
		options: WatcherOptions,
		folders: WatchFolders,
		lock: FileLock,
		{ledger, runId, startedAt, isFull}: BegunLedger,
	) {
		this.runId = runId;
		this.#options = options;
		this.#folders = folders;
		this.#folder = new SameFolder(folders);
		this.#requests = new RetryRequests(folders, options.onNotice);
		this.#ledger = ledger;
		this.#lock = lock;
		this.#live = new LiveStatus(folders, {startedAt, epoch: ledger.epoch});
		this.#loaded = options.loaded;
		const {settleMs, isRecursive, needsMarker, pollMs, onEvent} = options;
		this.#patienceMs = settleMs * ONCE_SETTLES + pollMs;
		const now = (): number => performance.now();
		this.#feed = new EventFeed({onEvent, now: () => now() - this.#startedMs, wallClock: Date.now});
		this.#inbox = new Inbox({
			...{folder: folders.unprocessed, settleMs, isRecursive, needsMarker, now, wallClock: Date.now},
			mustWait: name => this.#obstacles.mustWait(name),
		});
		this.#storage = new Storage({
			...{folders, isFull, pollMs, signal: this.#givingBack.signal, onChange: this.#onStorage},
		});
		this.#obstacles = new Obstacles({
			...{folders, rules: options, now, onNotice: options.onNotice},
			tags: () => this.tags,
		});
		this.#states = new ProcessorStates(processor => ledger.ask({type: 'state', processor}));
	}

	/** What happens to the file of a claim while it is read. */
	onReading(claim: string, event: RunEvent): void {
		const fact = this.#addresses.progressOf(claim, event);
		if (fact !== null) this.#feed.tell(fact);
	}

	/** Milliseconds since it began. */
	readonly now = (): number => performance.now() - this.#startedMs;

	/** Files that could not be taken, or not be brought to their destination. */
	get leftCount(): number {
		return this.#obstacles.count;
	}

	/** How the folder is doing. */
	status(): WatchStatus {
		return this.#live.status({inbox: this.#inbox.inspected(), ...this.#obstacles.state});
	}

	/** How it is doing, and its files. */
	look(): FolderLook {
		const inbox = this.#inbox.inspected();
		const status = this.#live.status({inbox, ...this.#obstacles.state});
		const waitsFor = (name: string) => this.#inbox.waitsFor(name);
		return {status, files: this.#live.files({inbox, waitsFor, blocked: this.#obstacles.blocked})};
	}

	/** Tags of the routes that files take from now on. */
	get tags(): readonly string[] {
		return this.#loaded.pipeline.routes.map(({tag}) => tag);
	}

	/**
	Takes files up again that lie in `failed/`, before any other.

	@param route - The tag of the one that they begin with; `null`: the one that fits.
	@returns How many were taken up, when all of them were, or were left where they are.
	*/
	async retry(claims: readonly string[] | 'all-failed', route: string | null): Promise<number> {
		if (this.#stopping.signal.aborted) return 0;
		const ids = claims === 'all-failed' ? await this.#ledger.ask({type: 'failed'}) : claims;
		const taken = this.#retries.add(ids, route);
		this.#takeNext();
		return taken;
	}

	/** As `retry`, for those who must not wait for it: kept until it has been done. @returns The claims that can be tried again. */
	requestRetry(claims: readonly string[] | 'all-failed', options: RequestOptions): Promise<readonly string[]> {
		return requestRetriesOf(this.#folders, claims, options, this.#ledger.ask);
	}

	/** No further file is taken until it is resumed; those that were taken go on. */
	pause(): void {
		if (this.#obstacles.setPaused(true)) this.#feed.tell({type: 'run-paused'});
	}

	resume(): void {
		if (!this.#obstacles.setPaused(false)) return;
		this.#feed.tell({type: 'run-resumed'});
		this.#rest.end();
	}

	/** Files that are taken from now on go by these routes. Resolves when no file is on the ones before, which are closed. */
	async replacePipeline(loaded: LoadedPipeline): Promise<void> {
		const before = this.#loaded;
		this.#loaded = loaded;
		this.#obstacles.onTags();
		await this.#slots.untilEnded();
		await before.close();
	}

	/** Takes no further file, and ends when those that were taken are done, or given back after the time of grace. */
	stop(): void {
		this.#stopping.abort();
		this.#retries.drop();
		this.#rest.end();
	}

	/**
	Watches until it is stopped, or with `once` until everything is done.

	@throws {Error} When it cannot go on. What was taken is gone on with by the next one.
	*/
	async run(): Promise<void> {
		const {root, analyses, version, concurrency, threads} = this.#options;
		await this.#folder.prepare().catch(error => {
			throw watchErrorOf(root, error);
		});
		// So that from the beginning it is true how many wait.
		await this.#scan();
		this.#feed.tell({
			...{type: 'run-started', version, paths: [root], fileCount: 0, bytesTotal: 0},
			...{concurrency, threads, analyses},
			...(!this.#options.isOnce && {isEndless: true}),
		});
		try {
			this.#storage.begin();
			await this.#recover(true);
			await this.#loop();
			await this.#drain();
			if (this.#failure !== null) throw this.#failure.error;
			await this.#end();
		} finally {
			await this.close();
		}
	}

	/** Lets the folder go; also where it was never run. It may be called twice. */
	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		clearTimeout(this.#fullTimer);
		this.#hints.close();
		this.#givingBack.abort();
		await this.#slots.untilEnded();
		await this.#ledger.close().catch(() => {});
		this.#lock.release();
	}

	async #loop(): Promise<void> {
		const {isOnce, settleMs, pollMs, recoveryIntervalMs} = this.#options;
		let recoveredAtMs = performance.now();
		let idleSinceMs = Number.POSITIVE_INFINITY;
		while (!this.#stopping.signal.aborted && this.#failure === null) {
			const startedAtMs = performance.now();
			await this.#storage.look();
			this.#obstacles.tell();
			const growing = await this.#scan();
			for (const {claim, route} of await this.#requests.takeNew()) void this.#retries.add([claim], route);
			this.#takeNext();
			const isIdle = this.#inbox.lineLength + this.#retries.length + this.#slots.size === 0;
			idleSinceMs = isIdle ? Math.min(idleSinceMs, startedAtMs) : Number.POSITIVE_INFINITY;
			if (isOnce && isIdle && growing !== null) {
				const isImpatient = startedAtMs - idleSinceMs > this.#patienceMs;
				if (growing + this.leftCount === 0 || (isImpatient && this.#obstacles.tellLeft(growing))) return;
			}
			const waitedMs = performance.now() - recoveredAtMs;
			if (waitedMs >= (isOnce && this.#obstacles.hasRefused ? pollMs : recoveryIntervalMs)) {
				await this.#recover(false);
				recoveredAtMs = performance.now();
			}
			// A scan of very many files must not be all that is done, least of all where enough of them wait in line.
			const leastMs = (performance.now() - startedAtMs) * (this.#inbox.lineLength > 0 ? RESTS_PER_SCAN : 1);
			if (this.#stopping.signal.aborted || this.#failure !== null) return;
			const waitMs = isOnce && isIdle ? Math.min(pollMs, Math.max(settleMs / 4, 10)) : pollMs;
			await this.#rest.take(Math.max(waitMs, leastMs), leastMs);
		}
	}

	/** `null` where nothing is taken now; during a pause it is known nevertheless what is there. */
	async #scan(): Promise<number | null> {
		if (this.#storage.isFull) return null;
		try {
			await this.#folder.prepare();
			await this.#hints.follow(this.#folders.unprocessed);
			const growing = await this.#inbox.scan();
			this.#scanFault = null;
			this.#obstacles.keep(name => this.#inbox.has(name));
			return this.#obstacles.isPaused ? null : growing;
		} catch (error) {
			if (error instanceof WatchError) throw error;
			const fault = (await this.#folder.isGone()) ? 'the watched folder is not there' : messageOf(error);
			if (fault !== this.#scanFault) this.#options.onNotice(`The inbox cannot be read: ${fault}. It is tried again.`);
			this.#scanFault = fault;
			return null;
		}
	}

	#takeNext(): void {
		const hadLine = this.#inbox.lineLength > 0;
		while (this.#slots.hasRoom && !this.#stopping.signal.aborted && !this.#obstacles.isPaused) {
			if (this.#storage.isFull || this.#failure !== null) return;
			const retry = this.#retries.next();
			if (retry !== undefined) {
				this.#start(this.#retryNext(retry));
				continue;
			}
			const file = this.#inbox.next();
			// What has come meanwhile is to be seen soon, also where a file that was taken goes on for long.
			if (file === undefined && hadLine) this.#rest.end();
			if (file === undefined) return;
			this.#start(takeFile(this.#context(), file, ++this.#jobCount), file.bytes);
		}
	}

	async #retryNext(retry: WantedRetry): Promise<void> {
		await retryWanted(this.#context(), retry, ++this.#jobCount);
		// Where it was given back, the next process takes it up.
		if (!this.#givingBack.signal.aborted) await this.#requests.settle(retry.id);
	}

	#start(work: Promise<void>, bytes = 0): void {
		const working = work.catch(error => {
			if (!this.#givingBack.signal.aborted) this.#failure ??= {error};
		});
		this.#slots.add(working, bytes);
	}

	/** There may be room for another file. */
	#goOn(): void {
		if (this.#inbox.lineLength + this.#retries.length > 0) this.#takeNext();
		else if (this.#slots.size === 0) this.#rest.end();
	}

	async #recover(isFirst: boolean): Promise<void> {
		if (!(await this.#folder.isThere())) return;
		const options = {isOpen: (claim: string) => this.#open.has(claim), nextJobId: () => ++this.#jobCount};
		const recovered = await recover(this.#context(), options).catch(error => {
			if (systemCodeOf(error) === null) throw error;
			const again = 'It is tried again later.';
			this.#options.onNotice(`What an earlier process has left cannot be looked at: ${messageOf(error)}. ${again}`);
			return null;
		});
		if (recovered === null) return;
		const {resumed, moved, withdrawn} = recovered;
		if (isFirst || resumed.length + moved + withdrawn > 0) this.#options.onRecovered(recovered);
		const suspects = resumed.filter(({cutAttempts}) => cutAttempts >= SUSPECT_CUTS);
		for (const claim of suspects) {
			if (this.#stopping.signal.aborted) return;
			this.#open.add(claim.id);
			this.#start(workOn(this.#context(), claim));
			await this.#slots.untilEnded();
		}
		for (const claim of resumed) {
			if (suspects.includes(claim)) continue;
			await this.#slots.untilRoom();
			if (this.#stopping.signal.aborted) return;
			this.#open.add(claim.id);
			this.#start(workOn(this.#context(), claim), claim.bytes);
		}
	}

	async #drain(): Promise<void> {
		const timer = setTimeout(() => this.#givingBack.abort(), this.#options.graceMs);
		while (this.#slots.size > 0) await this.#slots.untilEnded();
		clearTimeout(timer);
	}

	async #end(): Promise<void> {
		// Files may have been given back, or have come since the last look.
		await this.#inbox.scan().catch(() => {});
		const status: RunStatus = 'completed';
		const totals = this.#totals.after(this.now());
		const fact: RunFact = {type: 'run-completed', status, totals, analyses: await this.#options.results()};
		await this.#commit([], [fact], undefined, {status, endedAt: Date.now(), totals});
	}

	/** As it is for files that are taken now. */
	#context(): WatchContext {
		const {settleMs, needsMarker} = this.#options;
		const {pipeline, processor, chooseRoute} = this.#loaded;
		return {
			...{folders: this.#folders, sync: this.#sync, inbox: this.#inbox, states: this.#states},
			...{settleMs, needsMarker, pipeline, processor, now: this.now, wallClock: Date.now},
			...{storedName, signal: this.#givingBack.signal},
			createId: () => {
				const id = this.#createId();
				this.#open.add(id);
				return id;
			},
			chooseRoute: ({name, bytes}, path) => chooseRoute({name, path, bytes}),
			commit: (changes, facts, ended) => this.#commit(changes, facts, ended),
			ask: this.#ledger.ask,
			once: ({settings, content, kind}, work) =>
				this.#inTurn.run(`${settings} ${content} ${kind}`, work, wait => this.#slots.aside(wait)),
			aside: wait => this.#slots.aside(wait),
			isOutOfRoom: code => this.#storage.isOutOfRoom(code),
			isThere: () => this.#folder.isThere(),
			untilDone: work => this.#storage.untilDone(work),
			onBlocked: (name, reason) => this.#obstacles.block(name, reason),
			onTaken: name => this.#obstacles.unblock(name),
			onRefused: (claim, reason) => {
				this.#obstacles.refuse(claim, reason);
				this.#open.delete(claim.id);
			},
			onNotice: notice => this.#options.onNotice(notice),
			onStep: (claim, tag, processor) => {
				this.#live.setStep(claim, tag, processor);
				this.#options.onStep?.(claim, tag, processor);
			},
			onDecided: (claim, decision, at) => this.#options.onDecided?.(claim, decision, at),
		};
	}

	async #commit(
		changes: readonly ClaimChange[],
		facts: readonly RunFact[],
		ended?: {readonly jobId: number; readonly report: FileReport},
		end: RunEnd | null = null,
	): Promise<void> {
		const {lines, give} = this.#feed.announce(facts);
		const files = ended === undefined ? [] : [toRow(ended.jobId, ended.report)];
		await this.#storage.untilDone(() => this.#ledger.commit({changes, lines, files, end}));
		if (ended !== undefined) this.#totals.add(ended.report);
		this.#addresses.apply(facts);
		this.#live.apply(changes);
		for (const change of changes) {
			if (change.type === 'adopt') this.#obstacles.release(change.claim.storedName);
			if (change.type !== 'finish' && change.type !== 'withdraw') continue;
			this.#open.delete(change.id);
			this.#obstacles.release(change.id);
		}
		give();
	}

	readonly #onStorage = (isFull: boolean): void => {
		this.#obstacles.setFull(isFull);
		clearTimeout(this.#fullTimer);
		if (!isFull) this.#rest.end();
		else if (this.#options.isOnce) this.#fullTimer = setTimeout(() => this.#giveUpFull(), this.#patienceMs);
	};

	#giveUpFull(): void {
		this.#failure ??= {error: new WatchError(FULL_FOR_LONG)};
		this.#givingBack.abort();
		this.stop();
	}
}
