import type {ModuleFault} from '../../engine/shared/own-modules.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** A module of analyses cannot be used; each fault has its own line, as compilers write them. */
export class ModuleError extends EnvironmentError {
	constructor(path: string, faults: readonly ModuleFault[]) {
		const place = (line: number | null): string =>
			[safe(displayPath(path)), ...(line === null ? [] : [line])].join(':');
		super(faults.map(({line, sentence}) => `${place(line)}: ${safe(sentence)}.`).join('\n'));
	}
}
