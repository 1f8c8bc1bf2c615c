/** What is wrong with a cell. */
export type CellReason = 'missing' | 'not-a-number' | 'too-many-digits' | 'not-a-date';

/** Why a record was left out. Where several hold, the first in this order counts. */
export type RejectReason = 'field-count' | 'quote' | CellReason;
