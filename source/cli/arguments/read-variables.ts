// Settings by variables of the environment.
import {delimiter} from 'node:path';
import {readKeyOverrides} from '../../ui/commands/key-overrides.ts';
import type {KeyOverrides} from '../../ui/commands/keymap.ts';
import {isOfServer} from './flags/definition.ts';
import {type CommandName, FLAGS, type FlagDefinition, type FlagValues, isFlagOf} from './flags.ts';
import {readValue} from './read-value.ts';
import {UsageError} from './usage-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables follow the same rules as flags; an empty one counts as not set. */
export function readVariables(
	env: Variables,
	command: CommandName,
	isWanted: (flag: FlagDefinition) => boolean = () => true,
): FlagValues {
	const values: Record<string, unknown> = {};
	for (const flag of FLAGS as readonly FlagDefinition[]) {
		const text = flag.env === undefined ? undefined : env[flag.env];
		if (flag.env === undefined || text === undefined || text === '' || !isFlagOf(flag, command) || !isWanted(flag))
			continue;
		const {env: label} = flag;
		const isMultiple = flag.type === 'string' && flag.isMultiple === true;
		// Several files are separated as in PATH; addresses have colons of their own.
		values[flag.name] = isMultiple
			? text.split(isOfServer(flag) ? ',' : delimiter).map(part => readValue(flag, part, label))
			: readValue(flag, text, label);
	}
	return values as FlagValues;
}

/** No flag has these: they are for people whose configuration file is not at hand, such as where they come by SSH. */
export const KEYS_VARIABLE = 'FILEPROC_KEYS';

/** Custom keys, as a configuration file has them. */
export function readKeysVariable({[KEYS_VARIABLE]: text}: Variables): {readonly keys?: KeyOverrides} {
	if (text === undefined || text === '') return {};
	const read = readKeyOverrides(parse(text));
	if ('error' in read) throw new UsageError(`${KEYS_VARIABLE}: ${read.error}.`);
	return read;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Variables with our prefix that do not exist. */
export function findUnknownVariables(env: Variables): string[] {
	// A token is a secret, so no flag has it.
	const others = ['FILEPROC_TOKEN', KEYS_VARIABLE] as const;
	const known = new Set([...(FLAGS as readonly FlagDefinition[]).map(flag => flag.env), ...others]);
	return Object.keys(env).filter(
		name => name.startsWith('FILEPROC_') && !known.has(name as `FILEPROC_${string}`) && env[name] !== undefined,
	);
}
