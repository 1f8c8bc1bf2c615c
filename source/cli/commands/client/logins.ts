// Tokens of logins to servers: a file for each, which only this user may read, in a folder that only this user may enter.
import {chmod, constants, lstat, mkdir, open, readdir, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {safe} from '../../../text/safe.ts';
import {codeOf} from '../../../text/system-error.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {findOwnConfig} from '../../config-file/config-places.ts';
import {homeFolder} from '../../process/home-folder.ts';

export interface StoredLogin {
	/** `https://files.example.org` */
	readonly server: string;
	readonly token: string;
	readonly user: string;
	readonly role: string;
	/** ISO 8601. */
	readonly expires_at: string;
}

const ENDING = '.json';

export class Logins {
	readonly #folder: string;

	/** @throws {EnvironmentError} For a user without a home. */
	constructor(env: Readonly<Record<string, string | undefined>> = process.env) {
		const config = findOwnConfig({home: homeFolder(), env});
		if (config === null)
			throw new EnvironmentError(
				'There is no place for logins, because this user has no home: set XDG_CONFIG_HOME, or use FILEPROC_TOKEN.',
			);
		this.#folder = join(dirname(config), 'logins');
	}

	/** Servers that somebody has logged in to. */
	async servers(): Promise<readonly string[]> {
		const names = await readdir(this.#folder).catch((error: unknown) => {
			if (codeOf(error) === 'ENOENT') return [];
			throw new EnvironmentError(`The folder of logins ${safe(this.#folder)} cannot be read`, error);
		});
		return names
			.filter(name => name.endsWith(ENDING))
			.map(name => decodeURIComponent(name.slice(0, -ENDING.length)))
			.sort();
	}

	/**
	@returns `null` where nobody has logged in.
	@throws {EnvironmentError} Where others may read it, or have written it.
	*/
	async find(server: string): Promise<StoredLogin | null> {
		await this.#assertPrivateFolder();
		return this.#read(server, assertPrivate);
	}

	/** The same, to end it: then it does not matter who else knows it. */
	findAny(server: string): Promise<StoredLogin | null> {
		return this.#read(server, () => {});
	}

	async #read(server: string, check: typeof assertPrivate): Promise<StoredLogin | null> {
		const path = this.#pathOf(server);
		const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
			if (codeOf(error) === 'ENOENT') return null;
			throw new EnvironmentError(`The login ${safe(path)} cannot be read`, error);
		});
		if (handle === null) return null;
		try {
			const stats = await handle.stat();
			if (!stats.isFile()) throw new EnvironmentError(`${safe(path)} is no file: remove it, and log in once more.`);
			check(path, stats);
			return readLogin(await handle.readFile('utf8'), path);
		} finally {
			await handle.close();
		}
	}

	async save(login: StoredLogin): Promise<void> {
		const path = this.#pathOf(login.server);
		const part = `${path}.${process.pid}.part`;
		try {
			await mkdir(this.#folder, {recursive: true, mode: 0o700});
			await chmod(this.#folder, 0o700);
			const handle = await open(part, 'wx', 0o600);
			try {
				await handle.writeFile(`${JSON.stringify(login, null, '\t')}\n`);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(part, path);
		} catch (error) {
			await rm(part, {force: true});
			throw new EnvironmentError(`The login cannot be kept at ${safe(path)}`, error);
		}
	}

	/** @returns Whether there was one. */
	async remove(server: string): Promise<boolean> {
		try {
			await rm(this.#pathOf(server));
			return true;
		} catch (error) {
			if (codeOf(error) === 'ENOENT') return false;
			throw new EnvironmentError(`The login ${safe(this.#pathOf(server))} cannot be removed`, error);
		}
	}

	async #assertPrivateFolder(): Promise<void> {
		const stats = await lstat(this.#folder).catch((error: unknown) => {
			if (codeOf(error) === 'ENOENT') return null;
			throw new EnvironmentError(`The folder of logins ${safe(this.#folder)} cannot be read`, error);
		});
		if (stats !== null) assertPrivate(this.#folder, stats);
	}

	#pathOf(server: string): string {
		return join(this.#folder, `${encodeURIComponent(server)}${ENDING}`);
	}
}

/** Who can read a token can use it; who can write to it can send others' files to an account of their own. */
function assertPrivate(path: string, {uid, mode}: {readonly uid: number; readonly mode: number}): void {
	const own = process.getuid?.();
	// Windows has no such rights.
	if (own === undefined) return;
	if (uid !== own)
		throw new EnvironmentError(
			`${safe(path)} belongs to another user, so it is not used: remove it, and log in once more.`,
		);
	if ((mode & 0o077) !== 0)
		throw new EnvironmentError(
			`Others may use ${safe(path)} (its mode is ${(mode & 0o777).toString(8)}), so the login in it may be known to them: fileproc-tui logout ends it, and login makes another one.`,
		);
}

function readLogin(text: string, path: string): StoredLogin {
	try {
		const found = JSON.parse(text) as Partial<StoredLogin> | null;
		const {server, token, user, role, expires_at} = found ?? {};
		if ([server, token, user, role, expires_at].every(value => typeof value === 'string')) return found as StoredLogin;
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	throw new EnvironmentError(`${safe(path)} is not as login writes it: remove it, and log in once more.`);
}
