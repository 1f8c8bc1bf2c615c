// Failed logins slow down who tries, and hardly anybody else.
import {expect, test} from 'vitest';
import {ServerLedger} from '../../source/ledger/server-ledger.ts';
import {Accounts} from '../../source/server/accounts.ts';
import {Invitations} from '../../source/server/invitations.ts';
import {LoginDelays, PASSWORD_PATIENCE} from '../../source/server/login-delays.ts';
import type {Passwords} from '../../source/server/passwords.ts';
import {Problem} from '../../source/server/problem.ts';
import {SecondFactors} from '../../source/server/second-factors.ts';
import {Tokens} from '../../source/server/tokens.ts';
import {Users} from '../../source/server/users.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const RIGHT = 'the right one';
const LIMITS = {sessionIdleMs: 60_000, sessionTtlMs: 60_000, secondFactorRole: 'admin'} as const;

/** Hashes nothing, so that hundreds of logins take no time. */
const passwords = {
	hash: async (password: string) => password,
	verify: async (password: string, stored: string | null) => password === stored,
} as unknown as Passwords;

test('who tries one name from one place waits long, its owner from elsewhere a few seconds, others from there at most ten', async () => {
	const ledger = await ServerLedger.open(createTemporaryFolder().at('ledger.db'));
	const tokens = new Tokens(ledger, LIMITS, {endInvalid() {}});
	const secondFactors = new SecondFactors(ledger, tokens, 'admin');
	const accounts = new Accounts({ledger, passwords, tokens, invitations: new Invitations(ledger), secondFactors});
	for (const name of ['alice', 'bob']) await accounts.register({name, password: RIGHT, place: ''});
	/** Seconds to wait; 0 where it is let in, and `null` where it is only wrong. */
	const logIn = async (name: string, password: string, address: string): Promise<number | null> => {
		try {
			await accounts.logIn({name, password}, {address, client: ''});
			return 0;
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			return error.status === 429 ? (error.retryAfter ?? 0) : null;
		}
	};
	expect(await logIn('alice', RIGHT, 'home')).toBe(0);
	let longest = 0;
	// As many as a minute has room for: each refused one counts for nothing.
	for (let tries = 0; tries < 400; tries++) {
		longest = Math.max(longest, (await logIn(`made-up-${tries}`, 'wrong', 'attacker')) ?? 0);
		longest = Math.max(longest, (await logIn('alice', 'wrong', 'attacker')) ?? 0);
	}
	expect(longest).toBeGreaterThan(0);
	expect(await logIn('alice', RIGHT, 'home')).toBeLessThanOrEqual(5);
	expect(await logIn('bob', RIGHT, 'home')).toBe(0);
	expect(await logIn('bob', RIGHT, 'attacker')).toBeLessThanOrEqual(10);
	await ledger.close();
});

test('what is remembered of failures is bounded, and of one network of IPv6 all count as one', async () => {
	const delays = new LoginDelays(PASSWORD_PATIENCE);
	const fail = (name: string, address: string) => delays.guard(name, address, async () => false);
	for (let tries = 0; tries < 9000; tries++)
		await fail(`${tries}${'x'.repeat(1000)}`, `10.0.${tries >> 8}.${tries & 255}`);
	expect(delays.countedCount).toBe(20_000);
	for (let tries = 0; tries < 50; tries++) await fail(`name-${tries}`, `2001:db8:0:7:${tries.toString(16)}::1`);
	await expect(fail('another', '2001:db8:0:7:ffff::9')).rejects.toThrow(Problem);
	expect(await fail('another', '2001:db8:0:8::9')).toBe(false);
});

test('a thousand guesses at the same moment are no more than those that would be free, and leave room for the right one', async () => {
	const delays = new LoginDelays(PASSWORD_PATIENCE);
	const answer = Promise.withResolvers<boolean>();
	let asked = 0;
	const guess = (name: string) =>
		delays.guard(name, 'attacker', () => {
			asked++;
			return answer.promise;
		});
	const guesses = Array.from({length: 1000}, (_, index) => guess(index % 2 === 0 ? 'alice' : `made-up-${index}`));
	const settled = Promise.allSettled(guesses);
	expect(asked).toBe(50);
	expect(await delays.guard('alice', 'home', async () => true)).toBe(true);
	answer.resolve(false);
	const refused = (await settled).filter(({status}) => status === 'rejected');
	expect(refused).toHaveLength(950);
	// When they have ended there is room again.
	expect(await delays.guard('bob', 'elsewhere', async () => true)).toBe(true);
	await expect(guess('bob')).rejects.toThrow(Problem);
});

test('a login hashes as much for a name that is not there, a disabled account and a password that is too long; a registration for a name that is taken', async () => {
	const ledger = await ServerLedger.open(createTemporaryFolder().at('ledger.db'));
	const tokens = new Tokens(ledger, LIMITS, {endInvalid() {}});
	const secondFactors = new SecondFactors(ledger, tokens, 'admin');
	const asked: string[] = [];
	const counted = {
		hash: async (password: string) => {
			asked.push('hash');
			return password;
		},
		verify: async () => {
			asked.push('verify');
			return false;
		},
	} as unknown as Passwords;
	const accounts = new Accounts({
		ledger,
		passwords: counted,
		tokens,
		invitations: new Invitations(ledger),
		secondFactors,
	});
	const users = new Users(ledger, counted, tokens);
	const [applicant, origin] = [
		{name: 'alice', password: RIGHT, place: ''},
		{address: 'home', client: ''},
	];
	await accounts.register({...applicant, name: 'root'});
	const {id} = await accounts.register(applicant);
	await expect(accounts.register(applicant)).rejects.toMatchObject({code: 'NAME_TAKEN'});
	expect(asked.splice(0)).toEqual(['hash', 'hash', 'hash']);
	const logIn = (name: string, password = 'wrong'): Promise<void> =>
		expect(accounts.logIn({name, password}, origin)).rejects.toMatchObject({code: 'LOGIN_FAILED'});
	await logIn('alice');
	await logIn('nobody');
	await logIn('not a name');
	await logIn('alice', 'x'.repeat(2000));
	await users.change(id, {isDisabled: true});
	await logIn('alice', RIGHT);
	expect(asked).toEqual(Array(5).fill('verify'));
	await ledger.close();
});
