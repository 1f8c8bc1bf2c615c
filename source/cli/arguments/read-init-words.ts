// What `init` is to write, and where.
import {joinWords} from '../../text/join-words.ts';
import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import {SETUP_NAMES, type SetupKind} from './flags/setup-kinds.ts';
import {type FlagValues, getDefault} from './flags.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface InitCommand {
	readonly name: 'init';
	/** `null`: asked for. */
	readonly kind: SetupKind | null;
	/** Of several files the one to print. */
	readonly file: string | null;
	readonly folder: string;
	readonly isPrinted: boolean;
	readonly isForced: boolean;
}

export const INIT_EXPECTATION = `init takes what to write: ${joinWords(SETUP_NAMES, 'or')}`;

/** @throws {UsageError} */
export function readInitWords(words: readonly string[], values: FlagValues): InitCommand {
	const [word, file = null, ...more] = words;
	const kind = SETUP_NAMES.find(name => name === word) ?? null;
	if (word !== undefined && kind === null) throw new UsageError(`${INIT_EXPECTATION}; but got ${quoted(word)}.`);
	const isPrinted = values.stdout ?? getDefault('stdout');
	if (more.length > 0 || (file !== null && !isPrinted))
		throw new UsageError(
			`init takes one word, and with --stdout the name of a file behind it, but got ${words.map(quoted).join(' ')}.`,
		);
	if (isPrinted && values.output !== undefined)
		throw new UsageError('--stdout and --output exclude each other: give one of them.');
	const folder = values.output ?? '.';
	if (isRemotePath(folder))
		throw new UsageError(`init writes to a folder of this machine; but got ${quoted(withoutSecrets(folder))}.`);
	return {name: 'init', kind, file, folder, isPrinted, isForced: values.force ?? false};
}
