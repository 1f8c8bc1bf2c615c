// A run, a queue and workers in virtual time, under faults that a seed decides. The run and the coordinator are played as the real ones
// behave; what the coordinator decides is the real code.
import {Coordination, type CoordinationOptions, type Sighting} from '../../../source/cluster/coordination.ts';
import {Chance, VirtualClock} from './clock.ts';
import {SimulatedFile} from './simulated-file.ts';
import {type Asked, SimulatedQueue, type SimulatedResult} from './simulated-queue.ts';

export interface SimulationOptions {
	readonly seed: number;
	readonly files?: number;
	readonly workers?: number;
	/** A mistake that somebody could make. */
	readonly broken?: 'no-token' | 'no-second-try' | 'mixed-states' | 'half-a-file' | null;
}

/** What happened, for the checker, which shares no code with the coordinator. */
export interface History {
	readonly files: number;
	readonly submitted: Array<Asked & {readonly key: string; readonly atMs: number}>;
	readonly ended: Array<{
		readonly key: string;
		readonly type: string;
		readonly result: SimulatedResult | null;
		readonly atMs: number;
	}>;
	/** Files that are over, with the results that they were made of; none where the file is one that ends its workers. */
	readonly over: Array<{readonly file: number; readonly results: readonly SimulatedResult[]}>;
	/** Into how many parts each is cut. */
	readonly partsOf: readonly number[];
	/** Files that end the worker that has them. */
	readonly deadly: ReadonlySet<number>;
	/** Jobs that were put into the queue, and those that it lost while they were wanted. */
	readonly added: Array<{readonly key: string; readonly atMs: number}>;
	readonly lost: Array<{readonly key: string; readonly atMs: number}>;
	readonly executions: number;
	readonly overAtMs: number | null;
	readonly counts: Coordination<SimulatedResult>['counts'];
}

const LOCK_MS = 20_000;
const SWEEP_MS = 10_000;
/** Until then there are faults; afterwards all must end in time. */
const FAULTS_MS = 120_000;
const LONGEST_MS = 3_600_000;

interface SimulatedWorker {
	readonly name: string;
	/** How wrong its clock is. */
	readonly skewMs: number;
	frozenUntilMs: number;
	isDead: boolean;
}

export function simulate({seed, files = 12, workers = 4, broken = null}: SimulationOptions): History {
	const clock = new VirtualClock();
	const chance = new Chance(seed);
	const queue = new SimulatedQueue();
	const submitted: History['submitted'] = [];
	const ended: History['ended'] = [];
	const added: History['added'] = [];
	const lost: History['lost'] = [];
	const over: History['over'] = [];
	const askedOf = new Map<string, Asked>();
	const partsOf = Array.from({length: files}, () => (chance.happens(0.5) ? 1 : Math.floor(chance.between(2, 6))));
	const versions = partsOf.map(() => 0);
	const open = new Set<number>(Array.from({length: files}, (_, file) => file));
	const deadly = new Set(chance.happens(0.2) ? [Math.floor(chance.between(0, files))] : []);
	let tokens = 0;
	let executions = 0;
	let overAtMs: number | null = null;
	const withFaults = (): boolean => clock.now < FAULTS_MS;
	const delay = (): number =>
		chance.happens(0.05) && withFaults() ? chance.between(500, 8000) : chance.between(1, 40);
	const isLost = (): boolean => withFaults() && chance.happens(0.05);
	const options: CoordinationOptions = {
		createToken: key => (broken === 'no-token' ? JSON.stringify(askedOf.get(key)) : `${key}-${tokens++}`),
	};
	const coordination = new Coordination<SimulatedResult>(options);

	const saw = (token: string, sighting: Sighting<SimulatedResult>, lookedAtMs: number): void => {
		if (broken === 'no-second-try' && sighting.type === 'missing') return;
		coordination.saw(token, sighting, lookedAtMs);
		perform();
	};
	const look = (token: string): void => {
		const lookedAtMs = clock.now;
		if (isLost()) return;
		clock.after(delay(), () => {
			const sighting = queue.look(token);
			clock.after(delay(), () => saw(token, sighting, lookedAtMs));
			// What is told may be told twice, and late.
			if (withFaults() && chance.happens(0.05)) clock.after(delay() * 10, () => saw(token, sighting, lookedAtMs));
		});
	};
	const add = (key: string, token: string): void => {
		const asked = askedOf.get(key) ?? {file: 0, part: null};
		const arrives = !isLost();
		if (arrives)
			clock.after(delay(), () => {
				queue.add(token, asked);
				added.push({key, atMs: clock.now});
			});
		// The answer may be lost where the job is not: then it is sent again.
		if (arrives && !isLost())
			clock.after(delay() + 50, () => {
				coordination.accepted(token, clock.now);
				perform();
			});
		else clock.after(1000, () => add(key, token));
	};
	const perform = (): void => {
		for (const command of coordination.takeCommands()) {
			if (command.type === 'add') add(command.key, command.token);
			else if (command.type === 'remove' && !isLost()) clock.after(delay(), () => queue.remove(command.token));
			else if (command.type === 'look') command.tokens.forEach(look);
			else if (command.type === 'ended')
				end(command.key, command.end.type, 'result' in command.end ? command.end.result : null);
			else if (command.type === 'withdrawn') end(command.key, command.type, null);
		}
	};
	const owners = new Map<string, SimulatedFile>();
	const submit = (owner: SimulatedFile, asked: Asked): string => {
		const key = `key${submitted.length}`;
		askedOf.set(key, asked);
		owners.set(key, owner);
		submitted.push({...asked, key, atMs: clock.now});
		coordination.submit(key);
		// A person cancels it, or it stands still for too long, and is tried again.
		if (chance.happens(0.2))
			clock.after(chance.between(0, 60_000), () => {
				if (chance.happens(0.5)) owner.giveUp();
				else coordination.withdraw(key);
				perform();
			});
		return key;
	};
	const begin = (file: number): void => {
		const count = partsOf[file] ?? 1;
		const owner: SimulatedFile = new SimulatedFile(
			{file, count, broken},
			{
				submit: asked => submit(owner, asked),
				giveUp: key => coordination.giveUp(key),
				after: run => clock.after(chance.between(0, 500), run),
				onOver(results) {
					if (results === null) {
						clock.after(chance.between(0, 500), () => begin(file));
						return;
					}
					over.push({file, results});
					open.delete(file);
					if (open.size === 0) overAtMs = clock.now;
				},
			},
		);
		owner.begin();
		perform();
	};
	const end = (key: string, type: string, result: SimulatedResult | null): void => {
		ended.push({key, type, result, atMs: clock.now});
		owners.get(key)?.ended(key, type, result);
		perform();
	};

	let names = 0;
	const startWorker = (): void => {
		const skewMs = chance.happens(0.2) ? chance.between(-15_000, 15_000) : 0;
		const worker: SimulatedWorker = {name: `w${names++}`, skewMs, frozenUntilMs: 0, isDead: false};
		alive.push(worker);
		work(worker);
		sweep(worker);
	};
	const alive: SimulatedWorker[] = [];
	/** What a worker does waits while it is frozen, and never comes when it is dead. */
	const onWorker = (worker: SimulatedWorker, afterMs: number, run: () => void): void =>
		clock.after(afterMs, () => {
			if (worker.isDead) return;
			if (clock.now < worker.frozenUntilMs) onWorker(worker, worker.frozenUntilMs - clock.now, run);
			else run();
		});
	const sweep = (worker: SimulatedWorker): void =>
		onWorker(worker, chance.between(SWEEP_MS / 2, SWEEP_MS), () => {
			queue.sweep(clock.now + worker.skewMs);
			sweep(worker);
		});
	const kill = (worker: SimulatedWorker): void => {
		if (worker.isDead) return;
		worker.isDead = true;
		alive.splice(alive.indexOf(worker), 1);
		clock.after(chance.between(100, 20_000), startWorker);
	};
	const work = (worker: SimulatedWorker): void =>
		onWorker(worker, chance.between(20, 500), () => {
			const holder = `${worker.name}/${executions}`;
			const job = queue.take(holder, clock.now + worker.skewMs, LOCK_MS);
			if (job === null) {
				work(worker);
				return;
			}
			executions++;
			const {token, file, part} = job;
			const version = versions[file] ?? 0;
			const startedAtMs = clock.now;
			if (deadly.has(file)) {
				kill(worker);
				return;
			}
			let isDone = false;
			const renew = (): void =>
				onWorker(worker, LOCK_MS / 2, () => {
					if (isDone) return;
					if (!isLost()) queue.renew(token, holder, clock.now + worker.skewMs, LOCK_MS);
					renew();
				});
			renew();
			const finish = (): void => {
				// A result whose way is cut is sent again.
				if (isLost()) {
					onWorker(worker, 1000, finish);
					return;
				}
				isDone = true;
				const hasChanged = versions[file] !== version;
				const result = {token, file, part, startedAtMs, version, hasChanged};
				clock.after(delay(), () => queue.complete(result, holder));
				work(worker);
			};
			onWorker(worker, chance.between(200, chance.happens(0.1) ? 40_000 : 4000), finish);
		});

	for (let count = 0; count < workers; count++) startWorker();
	for (let file = 0; file < files; file++) begin(file);
	const tick = (): void => {
		coordination.tick(clock.now);
		perform();
		clock.after(250, tick);
	};
	tick();
	const lose = (how: () => void): void => {
		const before = queue.tokens;
		how();
		const after = queue.tokens;
		for (const [key] of askedOf) {
			const token = coordination.tokenOf(key);
			if (token !== null && before.has(token) && !after.has(token)) lost.push({key, atMs: clock.now});
		}
	};
	const fault = (): void => {
		clock.after(chance.between(500, 15_000), () => {
			if (!withFaults()) return;
			const kind = chance.next();
			const worker = chance.pick(alive);
			if (kind < 0.3 && worker !== undefined) kill(worker);
			else if (kind < 0.6 && worker !== undefined) worker.frozenUntilMs = clock.now + chance.between(1000, 3 * LOCK_MS);
			else if (kind < 0.7) lose(() => queue.flush());
			else if (kind < 0.85) queue.dump();
			else if (kind < 0.95) lose(() => queue.restore());
			const changed = Math.floor(chance.between(0, 2 * files));
			if (changed < files) versions[changed] = (versions[changed] ?? 0) + 1;
			fault();
		});
	};
	fault();
	clock.run(LONGEST_MS, () => open.size === 0);
	return {
		files,
		submitted,
		ended,
		over,
		partsOf,
		deadly,
		added,
		lost,
		executions,
		overAtMs,
		counts: coordination.counts,
	};
}
