// The processors that are built in, in the order in which they are listed.

import {simple, stateful} from './built-in/lines.ts';
import type {BuiltIn} from './built-in.ts';

export const builtIns: readonly BuiltIn[] = [simple, stateful];
