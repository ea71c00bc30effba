import type { AlertChange, Device, Session, SignalDescription } from '../wire/api.ts';
import type { JsonObject } from '../wire/decoded.ts';
import type { Speed } from '../catalog/lanes.ts';

// What page and worker tell each other. The worker owns the socket and the waves; the page owns every decision about freshness.

export interface LaneLayout {
  readonly number: number;
  readonly device: string;
  /** CSS pixels from the top of the canvas. */
  readonly top: number;
  readonly height: number;
  /** Where it is one tile among others: CSS pixels from the left, and how wide; else the whole width. */
  readonly left?: number;
  readonly width?: number;
  readonly speed: Speed;
  readonly colour: string;
  readonly displayMin: number | null;
  readonly displayMax: number | null;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** CSS pixels of one millimetre on this screen. */
  readonly pxPerMm: number;
  readonly grey: string;
  readonly lanes: readonly LaneLayout[];
}

export type ToWorker =
  | { readonly type: 'start'; readonly api: string }
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas | null }
  | { readonly type: 'layout'; readonly layout: Layout }
  | { readonly type: 'visible'; readonly visible: boolean }
  /** Said by the page's own timer: a page that is silent shows numbers that nobody renews. */
  | { readonly type: 'alive' }
  | { readonly type: 'stepped'; readonly stepped: boolean }
  | { readonly type: 'freeze'; readonly on: boolean; readonly backMs: number }
  | { readonly type: 'pulse' };

export interface NumberUpdate {
  readonly number: number;
  readonly time: number;
  readonly value: number | null;
  /** Decimals the device showed; null = not known. */
  readonly decimals: number | null;
  readonly text: string | null;
  readonly validity: number;
}

export interface LaneBeat {
  readonly number: number;
  /** Samples drawn since the worker began. */
  readonly drawn: number;
  /** Capture time of the end of the newest samples. */
  readonly lastTime: number | null;
  readonly validity: number;
  /** What the height of the lane spans, in physical units. */
  readonly low: number;
  readonly high: number;
  readonly scaled: boolean;
  /** Of the last second that was drawn. */
  readonly min: number | null;
  readonly max: number | null;
  /** Least and most age, in ms, at which samples were drawn in full colour since the last beat; null = none were. */
  readonly ages: readonly [number, number] | null;
}

export interface AlertUpdate extends AlertChange {
  readonly time: number;
}

export type LinkMode = 'connecting' | 'open' | 'polling';

/** What the drawer of waves has done, for whoever watches whether it still does. */
export interface Pulse {
  /** Frames begun since the worker did. */
  readonly frames: number;
  /** Of what is drawn now; null = no canvas. */
  readonly checksum: number | null;
}

export type FromWorker =
  | ({ readonly type: 'pulse' } & Pulse)
  | { readonly type: 'snapshot'; readonly session: Session | null; readonly signals: readonly SignalDescription[] }
  | { readonly type: 'status'; readonly dictionary: string; readonly storedUpTo: number | null }
  /** `toldAt`: the box's time at which it spoke of its devices. */
  | { readonly type: 'devices'; readonly devices: readonly Device[]; readonly toldAt: number }
  /** `sentAt`: the box's time in the frame that brought them. */
  | { readonly type: 'numbers'; readonly items: readonly NumberUpdate[]; readonly sentAt: number }
  /** The beds of the ward: JSON of `/api/v1/ward`. */
  | { readonly type: 'ward'; readonly json: JsonObject }
  | { readonly type: 'alert'; readonly alert: AlertUpdate }
  | { readonly type: 'seen'; readonly numbers: readonly number[] }
  | {
      readonly type: 'beat';
      /** When it was sent, on the monotonic clock that page and worker share (`performance.timeOrigin + performance.now()`). */
      readonly sentAt: number;
      /** What the box's clock read when the worker sent this. */
      readonly serverNow: number | null;
      /** Time in the last frame of the box. */
      readonly lastFrame: number | null;
      readonly mode: LinkMode;
      /** Changes when what was believed of the box's clock turned out wrong. */
      readonly turn: number;
      readonly delayMs: number;
      readonly fps: number;
      /** Longest time between two pictures since the last beat, ms. */
      readonly longestMs: number;
      readonly faults: number;
      /** GAP frames: the box left something out because this screen was too slow, or could not follow itself. */
      readonly gaps: number;
      /** Capture time of the newest sample of every wave, with a lane or without. */
      readonly waves: readonly (readonly [number, number])[];
      readonly lanes: readonly LaneBeat[];
    };
