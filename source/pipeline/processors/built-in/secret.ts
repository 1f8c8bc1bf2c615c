// A secret stands in no configuration: it is read from a variable of the environment, or from a file.
import {readFileSync} from 'node:fs';
import {messageOf} from '../../../text/system-error.ts';
import {fieldsOf, type Kind, kindOf, optional, text} from '../settings-reader.ts';

export interface SecretPlace {
	readonly env?: string | undefined;
	readonly file?: string | undefined;
}

const place = fieldsOf({
	env: optional(text, 'The name of a variable of the environment'),
	file: optional(text, 'The path of a file'),
});
const either = {oneOf: [{required: ['env']}, {required: ['file']}]};

export const secret: Kind<SecretPlace> = kindOf({...place.schema, ...either}, (value, fault) => {
	const given = place(value, (sentence, path) =>
		fault(typeof value === 'string' ? 'expected {"env": …} or {"file": …}, and not the secret itself' : sentence, path),
	);
	if (given === undefined) return undefined;
	const {env, file} = given;
	if ((env === undefined) === (file === undefined)) {
		fault('expected either "env", the name of a variable, or "file", a path');
		return undefined;
	}
	try {
		readSecret(given);
		return given;
	} catch (error) {
		fault(messageOf(error), [env === undefined ? 'file' : 'env']);
		return undefined;
	}
});

/** @throws {Error} When there is none, with a sentence that does not tell it. */
export function readSecret({env, file = ''}: SecretPlace): string {
	const found = env === undefined ? readFileSync(file, 'utf8').trim() : (process.env[env] ?? '');
	if (found !== '') return found;
	throw new Error(
		env === undefined
			? 'expected a secret in the file, but it is empty'
			: `expected a secret in the variable ${env}, but it is not set`,
	);
}
