/** Progress on stderr: a bar with the remaining time on a terminal, elsewhere a line now and then. */
import { SingleBar } from "cli-progress";
import type { ProgressSink } from "../run/run.js";
import type { Terminal } from "./terminal.js";

export interface Progress extends ProgressSink {
  /** Lets something be written without tearing the bar. */
  above(write: () => void): void;
}

const LINE_MILLISECONDS = 10_000;
/** Runs shorter than this need no bar. */
const QUIET_MILLISECONDS = 400;

export function newProgress(terminal: Terminal, title: string, now: () => number = Date.now): Progress {
  const name = title === "" ? "" : `${title}: `;
  return terminal.live ? barProgress(name, now) : lineProgress(terminal, name, now);
}

function barProgress(name: string, now: () => number): Progress {
  const bar = new SingleBar({
    format: `${name}{bar} {percentage}%  {points} of {total_points} points{left}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    fps: 10,
    gracefulExit: false,
  });
  let [total, begun, shown] = [0, 0, false];
  return {
    start: (points) => {
      total = points;
      begun = now();
    },
    update: (share, points, secondsLeft) => {
      if (!shown && now() - begun < QUIET_MILLISECONDS) return;
      const payload = { points, total_points: total, left: leftWords(secondsLeft) };
      if (!shown) bar.start(1000, 0, payload);
      shown = true;
      bar.update(Math.floor(share * 1000), payload);
    },
    above: (write) => {
      if (shown) process.stderr.write("\r\u001b[K");
      write();
    },
    end: () => {
      if (shown) bar.stop();
    },
  };
}

function lineProgress(terminal: Terminal, name: string, now: () => number): Progress {
  let [total, last] = [0, 0];
  return {
    start: (points) => {
      total = points;
      last = now();
    },
    update: (share, points, secondsLeft) => {
      if (now() - last < LINE_MILLISECONDS) return;
      last = now();
      terminal.err(`${name}${Math.floor(share * 100)} %, ${points} of ${total} points${leftWords(secondsLeft)}\n`);
    },
    above: (write) => write(),
    end: () => undefined,
  };
}

function leftWords(seconds: number | null): string {
  if (seconds === null) return "";
  const [minutes, hours] = [Math.round(seconds / 60), Math.round(seconds / 3600)];
  if (seconds < 100) return `, about ${Math.max(1, Math.round(seconds))} s left`;
  return minutes < 100 ? `, about ${minutes} min left` : `, about ${hours} h left`;
}
