// The processors that are built in, in the order in which they are listed.

import {simple, stateful} from './built-in/lines.ts';
import {convert, filter, select} from './built-in/records.ts';
import {validate} from './built-in/validate.ts';
import type {BuiltIn} from './built-in.ts';

export const builtIns: readonly BuiltIn[] = [convert, filter, select, validate, simple, stateful];
