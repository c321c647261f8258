/** One spec that uses parts, joins and products in all ways, with values worked out by hand. */

export const madeAxes = `
use std.optimizers
experiment made {
  precision f64
  axis pos = 6
  axis t = pos[0 .. 4]
  axis late = pos[2 .. 5]
  axis picked = pos[4, 0, 2]
  axis single = pos[5]
  axis none = pos[3 .. 2]
  axis early = pos[0 .. 1]
  axis inner = late[1 .. 2]
  axis place in [0.5, 1.5, 2.5, 4]
  axis far = place[2 .. 3]
  axis kind in {low, middle, high}
  axis ends = kind[high, low]
  axis pixel = 3
  axis class = 2
  axis unit = pixel ++ class
  axis row = 2
  axis col = 3
  axis deep = 2
  axis cell = row * col
  axis block = row * col * deep
  axis some = cell[1 .. 4]
  axis pair = late ++ class
  x[pos] = 10 * pos + 1
  u[unit] = pixel: pixel + 0.5 | class: -class
  g[cell] = 100 * div(cell, 3) + mod(cell, 3)
  W[pos, pos'] = 10 * pos + pos'
  Q[class, pos] = class + 10 * pos
  label[class] ~ choice(late)
  measure m {
    part[t] = x[t]
    next[t] = x[t + 1]
    whole_value[late] = 100 * late + x[late]
    reordered[picked] = x[picked] + 1000 * picked
    nothing = sum(none) x[none]
    one[single] = x[single]
    of_part[inner] = whole_value[inner] + inner
    neighbour[late] = whole_value[clamp(late - 1)]
    around[late] = whole_value[cyclic(late + 1)]
    outside[late] = whole_value[pad(late + 2)]
    first = whole_value[0]
    inside = whole_value[late: 1]
    ordered[picked] = reordered[picked: mod(position(picked), 3)]
    best = argmax(late) (-(late - 4)^2)
    at_best = x[best]
    at_best_of_part = whole_value[best]
    same[late] = best == late
    block_of[late, late'] = W[late, late']
    diagonal[late] = W[late, late]
    mixed[class] = Q[class, picked: 0]
    from_whole[pos] = if pos >= 2 then whole_value[clamp(best)] else 0
    softened[late] = softmax(late) (0.1 * late)
    summed[late] = cumsum(late) late
    value[far] = 2 * far
    index_of[ends] = if ends == high then 1 else 2
    joined[unit] = u[unit] + 100 * unit
    upper[pixel] = u[pixel]
    lower[class] = u[class]
    swapped[class] = u[class: 1 - class]
    after[class] = u[class - 1]
    gathered[class] = u[pixel: class + 1]
    by_parts[pos] = early: -1 | late: late
    by_parts_too[pos] = late: 2 * late | early: early
    three[pair] = late: x[late] | class: class
    of_join[late] = three[late]
    opened[row, col] = g[(row, col)]
    column[row] = g[(row, 1)]
    exchanged[col, row] = g[(row, col)]
    shifted[row, col] = g[(row, cyclic(col + 1))]
    closed[(row, col)] = row + 10 * col
    cube[(row, col, deep)] = 100 * row + 10 * col + deep
    listed[(row, col)] = [[1, 2, 3], [4, 5, 6]]
    of_product[some] = g[some]
    sizes = size(late) + 10 * size(unit) + 100 * size(block) + 10000 * size(none)
    flags[unit] = pixel: pixel == 1 | class: true
    ints[unit] = pixel: 2 * pixel | class: 7
    places[class] = x[label[class]]
    crossed[class] = cross_entropy(late) (0.1 * x[late]) at label[class]
    constant[unit] = pixel: 3 | class: 3
    named_cyclic[row] = x[late: cyclic(row + 3)]
    named_pad[row] = x[late: pad(row + 3)]
    named_clamp[row] = x[late: clamp(row + 3)]
    named_picked[row] = x[picked: cyclic(row + 2)]
    named_guarded[row] = if row == 0 then x[late: row + 3] else -1
    named_factor[row] = g[(1 - row, cyclic(row + 2))]
    mapped[late] = x[clamp(if late == 3 then late + 1 else late)]
  }
}`;

const x = [1, 11, 21, 31, 41, 51];
const soft = [2, 3, 4, 5].map((late) => Math.exp(0.1 * late));
const total = soft.reduce((sum, value) => sum + value);

/** Row-major. */
export const madeAxesValues: Readonly<Record<string, readonly number[]>> = {
  part: [1, 11, 21, 31, 41],
  next: [11, 21, 31, 41, 51],
  whole_value: [221, 331, 441, 551],
  reordered: [4041, 1, 2021],
  nothing: [0],
  one: [51],
  of_part: [334, 445],
  neighbour: [221, 221, 331, 441],
  around: [331, 441, 551, 221],
  outside: [441, 551, 0, 0],
  first: [221],
  inside: [331],
  ordered: [1, 4041, 2021],
  best: [2],
  at_best: [41],
  at_best_of_part: [441],
  same: [0, 0, 1, 0],
  block_of: [22, 23, 24, 25, 32, 33, 34, 35, 42, 43, 44, 45, 52, 53, 54, 55],
  diagonal: [22, 33, 44, 55],
  mixed: [40, 41],
  from_whole: [0, 0, 441, 441, 441, 441],
  softened: soft.map((value) => value / total),
  summed: [2, 5, 9, 14],
  value: [5, 8],
  index_of: [1, 2],
  joined: [0.5, 101.5, 202.5, 300, 399],
  upper: [0.5, 1.5, 2.5],
  lower: [0, -1],
  swapped: [-1, 0],
  after: [2.5, 0],
  gathered: [1.5, 2.5],
  by_parts: [-1, -1, 2, 3, 4, 5],
  by_parts_too: [0, 1, 4, 6, 8, 10],
  three: [21, 31, 41, 51, 0, 1],
  of_join: [21, 31, 41, 51],
  opened: [0, 1, 2, 100, 101, 102],
  column: [1, 101],
  exchanged: [0, 100, 1, 101, 2, 102],
  shifted: [1, 2, 0, 101, 102, 100],
  closed: [0, 10, 20, 1, 11, 21],
  cube: [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121],
  listed: [1, 2, 3, 4, 5, 6],
  of_product: [1, 2, 100, 101],
  sizes: [4 + 50 + 1200],
  flags: [0, 1, 0, 1, 1],
  ints: [0, 2, 4, 7, 7],
  constant: [3, 3, 3, 3, 3],
  named_cyclic: [51, 21],
  named_pad: [51, 0],
  named_clamp: [51, 51],
  named_picked: [21, 41],
  named_guarded: [51, -1],
  named_factor: [102, 0],
  mapped: [21, 41, 41, 51],
};
export const madeAxesX = x;
