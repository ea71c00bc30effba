import type { AlertChange, Annotation, Device, Session, SignalDescription } from '../wire/api.ts';
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
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas }
  | { readonly type: 'layout'; readonly layout: Layout }
  | { readonly type: 'visible'; readonly visible: boolean }
  | { readonly type: 'stepped'; readonly stepped: boolean }
  | { readonly type: 'freeze'; readonly on: boolean; readonly backMs: number };

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
}

export interface AlertUpdate extends AlertChange {
  readonly time: number;
}

export type LinkMode = 'connecting' | 'open' | 'polling';

export type FromWorker =
  | { readonly type: 'snapshot'; readonly session: Session | null; readonly signals: readonly SignalDescription[]; readonly devices: readonly Device[] }
  | { readonly type: 'status'; readonly devices: readonly Device[]; readonly dictionary: string; readonly storedUpTo: number | null }
  /** The beds of the ward: JSON of `/api/v1/ward`. */
  | { readonly type: 'ward'; readonly json: JsonObject }
  | { readonly type: 'numbers'; readonly items: readonly NumberUpdate[] }
  | { readonly type: 'alert'; readonly alert: AlertUpdate }
  | { readonly type: 'annotation'; readonly annotation: Annotation }
  | { readonly type: 'seen'; readonly numbers: readonly number[] }
  | {
      readonly type: 'beat';
      /** What the box's clock read when the worker sent this. */
      readonly serverNow: number | null;
      /** Time in the last frame of the box. */
      readonly lastFrame: number | null;
      readonly mode: LinkMode;
      readonly delayMs: number;
      readonly fps: number;
      readonly faults: number;
      readonly lanes: readonly LaneBeat[];
    };
