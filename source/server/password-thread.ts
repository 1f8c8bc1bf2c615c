// Hashes passwords in a thread of its own: on the pool of the system a few logins at once would keep all reading of files waiting.
import {randomBytes, scryptSync, timingSafeEqual} from 'node:crypto';
import {type MessagePort, parentPort, workerData} from 'node:worker_threads';
import {messageOf} from '../text/system-error.ts';
import {isBreached} from './breached-passwords.ts';
import {isCommonPassword} from './common-passwords.ts';
import type {FromPasswordThread, PasswordThreadData, ToPasswordThread} from './passwords.ts';

/** OWASP's second choice: 32 MiB, three times; a sixth of a second. */
const COST = {N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024};
const HASH_BYTES = 32;
const SALT_BYTES = 16;

const derive = (password: string, salt: Uint8Array, {N, r, p} = COST): Buffer =>
	scryptSync(password.normalize('NFC'), salt, HASH_BYTES, {...COST, N, r, p});

/** Written with its parameters, so that they may grow. */
function hash(password: string): string {
	const salt = randomBytes(SALT_BYTES);
	return encode(salt, derive(password, salt));
}

function encode(salt: Buffer, derived: Buffer): string {
	const {N, r, p} = COST;
	return ['scrypt', N, r, p, salt.toString('base64'), derived.toString('base64')].join('$');
}

function verify(password: string, stored: string | null): boolean {
	// The same work where there is no account: the time must not say whether there is one.
	const [, N, r, p, salt = '', expected = ''] = (stored ?? NOBODY).split('$');
	const parameters = {...COST, N: Number(N), r: Number(r), p: Number(p)};
	const wanted = Buffer.from(expected, 'base64');
	const found = derive(password, Buffer.from(salt, 'base64'), parameters);
	return timingSafeEqual(found, wanted) && stored !== null;
}

/** Nothing hashes to it. */
const NOBODY = encode(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

const {breachedPasswordsFile} = workerData as PasswordThreadData;

/** Where the list of the operator cannot be read, nobody chooses a password. */
async function choose(password: string): Promise<Omit<FromPasswordThread, 'id'>> {
	try {
		if (breachedPasswordsFile !== null && isBreached(breachedPasswordsFile, password)) return {isCommon: true};
	} catch (error) {
		return {listFault: messageOf(error)};
	}
	return (await isCommonPassword(password)) ? {isCommon: true} : {hash: hash(password)};
}

function serve(port: MessagePort): void {
	port.on('message', (message: ToPasswordThread) => {
		const {id, password} = message;
		const reply = (rest: Omit<FromPasswordThread, 'id'>): void => port.postMessage({id, ...rest});
		if (message.type === 'verify') reply({isRight: verify(password, message.stored)});
		else void choose(password).then(reply);
	});
}

if (parentPort === null) throw new Error('Expected to be a thread');
serve(parentPort);
