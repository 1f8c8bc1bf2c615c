// Failed logins slow down further ones, and lock nobody out.
import {placeOf} from './place-of.ts';
import {type Problem, problem} from './problem.ts';

/**
How long one more try has to wait after so many that failed: never for ever. Who tries one name from one place is slowed down at once; others
who come from there, or have that name, much less: nobody is to be kept out by what somebody else does.
*/
interface Patience {
	readonly freeTries: number;
	readonly longestDelayMs: number;
}

type Patiences = Readonly<Record<'name and address' | 'address' | 'name', Patience>>;

export const PASSWORD_PATIENCE = {
	'name and address': {freeTries: 5, longestDelayMs: 60_000},
	address: {freeTries: 50, longestDelayMs: 10_000},
	name: {freeTries: 20, longestDelayMs: 5_000},
} as const satisfies Patiences;

/**
The same for codes of six digits, which only those can try who know the password. At a try a minute and three codes that count at a time, guessing takes
months; the account is slowed down, too, but then its password is known to somebody else anyway.
*/
export const CODE_PATIENCE = {
	'name and address': {freeTries: 5, longestDelayMs: 60_000},
	address: {freeTries: 50, longestDelayMs: 10_000},
	name: {freeTries: 10, longestDelayMs: 60_000},
} as const satisfies Patiences;

/** Codes that let a program in have 34 bits, live for minutes, and are tried only by those who are logged in. */
export const USER_CODE_PATIENCE = {
	'name and address': {freeTries: 5, longestDelayMs: 60_000},
	address: {freeTries: 50, longestDelayMs: 10_000},
	name: {freeTries: 10, longestDelayMs: 60_000},
} as const satisfies Patiences;

const FORGOTTEN_MS = 15 * 60_000;
/**
What is counted at most: three for each failure. Passwords are hashed one after the other, some six a second, so fewer than 6,000 can fail until the
first is forgotten; with more, the oldest are forgotten sooner. At some 200 bytes each that is 4 MB.
*/
const MAX_COUNTED = 20_000;
/** No account has a longer name. */
const MAX_NAME = 64;

interface Counted {
	readonly key: string;
	readonly patience: Patience;
}

interface Failures {
	readonly count: number;
	readonly lastAt: number;
}

export class LoginDelays {
	readonly #patiences: Patiences;
	/** The one that failed longest ago first. */
	readonly #failures = new Map<string, Failures>();
	/** How many are under way. */
	readonly #underWay = new Map<string, number>();

	constructor(patiences: Patiences) {
		this.#patiences = patiences;
	}

	get countedCount(): number {
		return this.#failures.size;
	}

	/**
	@param compare - Whether it is right.
	@throws {Problem} 429, which does not count as a try: a client that tries again by itself locks nobody out.
	*/
	async guard(name: string, address: string, compare: () => Promise<boolean>): Promise<boolean> {
		const counted = countedOf(this.#patiences, name, address);
		this.#assertMayTry(counted);
		for (const {key} of counted) this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
		try {
			const isRight = await compare();
			if (isRight) this.#forgive(counted);
			else this.#countFailure(counted);
			return isRight;
		} finally {
			for (const {key} of counted) {
				const left = (this.#underWay.get(key) ?? 1) - 1;
				if (left === 0) this.#underWay.delete(key);
				else this.#underWay.set(key, left);
			}
		}
	}

	#assertMayTry(counted: readonly Counted[]): void {
		const now = Date.now();
		for (const {key, patience} of counted) {
			const {count, lastAt} = this.#failures.get(key) ?? {count: 0, lastAt: 0};
			const freeTries = patience.freeTries - count;
			// Many at the same moment are many tries, too: they may all fail.
			if ((this.#underWay.get(key) ?? 0) >= Math.max(1, freeTries)) throw tooMany(1000);
			if (freeTries > 0) continue;
			const delayMs = Math.min(patience.longestDelayMs, 1000 * 2 ** Math.min(10, -freeTries));
			const leftMs = lastAt + delayMs - now;
			if (leftMs > 0) throw tooMany(leftMs);
		}
	}

	#countFailure(counted: readonly Counted[]): void {
		const now = Date.now();
		for (const {key} of counted) {
			const {count} = this.#failures.get(key) ?? {count: 0};
			// Put in anew, so that the order is that of the times.
			this.#failures.delete(key);
			this.#failures.set(key, {count: count + 1, lastAt: now});
		}
		for (const [key, {lastAt}] of this.#failures) {
			if (this.#failures.size <= MAX_COUNTED && now - lastAt <= FORGOTTEN_MS) break;
			this.#failures.delete(key);
		}
	}

	/** The name has been right; others may still be guessed from the same place. */
	#forgive(counted: readonly Counted[]): void {
		for (const {key} of counted) if (!key.startsWith('address ')) this.#failures.delete(key);
	}
}

const tooMany = (waitMs: number): Problem =>
	problem('TOO_MANY_LOGINS', 'Too many logins have failed. Please try again later.', {
		retryAfter: Math.ceil(waitMs / 1000),
	});

function countedOf(patiences: Patiences, name: string, address: string): readonly Counted[] {
	const [account, place] = [name.toLowerCase().slice(0, MAX_NAME), placeOf(address)];
	return [
		{key: `both ${place} ${account}`, patience: patiences['name and address']},
		{key: `address ${place}`, patience: patiences.address},
		{key: `name ${account}`, patience: patiences.name},
	];
}
