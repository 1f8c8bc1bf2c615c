// What a processor has thrown -> why its file fails: the message, and where in its module that was.

import {basename} from 'node:path';
import {fileURLToPath} from 'node:url';
import {messageOf} from '../../../text/system-error.ts';
import {ProcessorModuleError} from '../../catalog.ts';
import {StepError} from '../../pipeline.ts';
import type {StepFailure} from '../protocol.ts';
import {FileFault} from './read-source.ts';

/** More of a message is no sentence. */
const MAX_LENGTH = 2000;

export function describeFailure(error: unknown): StepFailure {
	if (error instanceof StepError) return {...codeAndPass(error), message: error.message, report: error.report};
	if (error instanceof FileFault)
		return {code: error.report.code, message: error.message, mayPass: error.mayPass, report: null};
	if (error instanceof ProcessorModuleError) {
		const place = error.line === null ? '' : ` (line ${error.line})`;
		return {code: 'PROCESSOR_FAILED', message: `Its module cannot be loaded: ${error.message}${place}`, ...lasting};
	}
	return {code: 'PROCESSOR_FAILED', message: sentenceOf(error), ...lasting};
}

const lasting = {mayPass: false, report: null} as const;

const codeAndPass = ({code, mayPass}: StepError) => ({code, mayPass});

/** With the place: `boom 42 (throws.mjs, line 3)`. */
export function sentenceOf(error: unknown): string {
	try {
		const message = messageOf(error).trim();
		const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
		const said =
			message === '' ? (error instanceof Error ? error.name : 'It threw an empty text') : `${name}${message}`;
		return `${said.slice(0, MAX_LENGTH)}${placeOf(error)}`;
	} catch {
		// Its message can be anything, too.
		return 'It threw something that cannot be shown';
	}
}

const FRAME = /(file:\/\/[^\s()]+?):(\d+):\d+/g;
/** Of this program, whose frames have paths instead of addresses once it is built. */
const OWN_FOLDER = import.meta.url.endsWith('.ts') ? new URL('../../../', import.meta.url).href : null;

/** The first place of the stack that is in a file of the user. */
function placeOf(error: unknown): string {
	if (!(error instanceof Error) || typeof error.stack !== 'string') return '';
	for (const [, address = '', line] of error.stack.matchAll(FRAME)) {
		if ((OWN_FOLDER !== null && address.startsWith(OWN_FOLDER)) || address.includes('/node_modules/')) continue;
		return ` (${basename(fileURLToPath(address))}, line ${line})`;
	}
	return '';
}
