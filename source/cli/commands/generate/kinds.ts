import type {Kind} from './kind.ts';
import {activity} from './kinds/activity.ts';
import {dirty} from './kinds/dirty.ts';
import {logs} from './kinds/logs.ts';
import {sales} from './kinds/sales.ts';
import {transactions} from './kinds/transactions.ts';
import {wide} from './kinds/wide.ts';

export type GenerateKind = 'transactions' | 'sales' | 'activity' | 'logs' | 'wide' | 'dirty';

export const KINDS: Readonly<Record<GenerateKind, Kind>> = {transactions, sales, activity, logs, wide, dirty};
