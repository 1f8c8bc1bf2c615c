// The processors that are built in, in the order in which they are listed.

import {command} from './built-in/command.ts';
import {simple, stateful} from './built-in/lines.ts';
import {move} from './built-in/move.ts';
import {convert, filter, select} from './built-in/records.ts';
import {validate} from './built-in/validate.ts';
import {webhook} from './built-in/webhook.ts';
import type {BuiltIn} from './built-in.ts';

export const builtIns: readonly BuiltIn[] = [
	convert,
	filter,
	select,
	validate,
	command,
	webhook,
	move,
	simple,
	stateful,
];
