// Charts as inline SVG, each with a name and a description for readers that do not see it.
const [width, height, left, bottom, top] = [460, 170, 52, 20, 8];
const ns = 'http://www.w3.org/2000/svg';

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(ns, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function lineChart(id, title, at, series, { format, max, log = false }) {
  const values = series.flatMap(line => line.values).filter(value => value !== null);
  const highest = max ?? Math.max(...values, 0.000001);
  const lowest = log ? Math.min(...values.filter(value => value > 0), highest / 10) : 0;
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 1];
  const x = moment => left + (width - left - 6) * (last > first ? (moment - first) / (last - first) : 1);
  const share = value => log
    ? Math.log(Math.max(value, lowest) / lowest) / Math.log(highest / lowest || 2) : value / highest;
  const y = value => top + (height - top - bottom) * (1 - Math.min(1, Math.max(0, share(value))));
  const svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': `${id}-t ${id}-d` },
    draw('title', { id: `${id}-t` }, title), draw('desc', { id: `${id}-d` }, describe(series, format)));
  for (const part of [0, 0.5, 1]) {
    const value = log ? lowest * (highest / lowest) ** part : highest * part;
    svg.append(
      draw('line', { class: 'grid', x1: left, x2: width - 6, y1: y(value), y2: y(value) }),
      draw('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, format(value)));
  }
  for (const moment of at.length > 1 ? [first, last] : at) {
    svg.append(draw('text', { x: x(moment), y: height - 5, 'text-anchor': moment === first ? 'start' : 'end' }, clock(moment)));
  }
  series.forEach((line, i) => {
    const points = line.values.map((value, step) => value === null ? null : [x(at[step]), y(value)]);
    svg.append(draw('path', { class: `series s${i % 6}`, d: path(points) }));
    const lonely = points.filter((point, step) => point && !points[step - 1] && !points[step + 1]);
    svg.append(...lonely.slice(-60).map(([cx, cy]) => draw('circle', { class: `dot s${i % 6}`, cx, cy, r: 2.5 })));
  });
  const legend = document.createElement('ul');
  legend.className = 'legend';
  series.forEach((line, i) => {
    const item = document.createElement('li');
    const value = line.values.findLast(one => one !== null);
    item.append(
      draw('svg', { viewBox: '0 0 30 8', 'aria-hidden': 'true' },
        draw('line', { class: `series s${i % 6}`, x1: 0, x2: 30, y1: 4, y2: 4 })),
      `${line.name} ${value === undefined ? '–' : format(value)}`);
    legend.append(item);
  });
  const figure = document.createElement('figure');
  const heading = document.createElement('h3');
  heading.textContent = title;
  figure.id = id;
  figure.append(heading, svg, legend);
  return figure;
}

// A gap stays a gap: no value is not zero.
function path(points) {
  let text = '';
  let isOpen = false;
  for (const point of points) {
    if (point) text += `${isOpen ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    isOpen = point !== null;
  }
  return text;
}

function describe(series, format) {
  const parts = series.map(line => {
    const known = line.values.filter(value => value !== null);
    return known.length === 0 ? `${line.name}: no values`
      : `${line.name}: last ${format(known.at(-1))}, lowest ${format(Math.min(...known))}, highest ${format(Math.max(...known))}`;
  });
  return parts.join('; ') || 'No reads yet.';
}

export function bars(rows, format) {
  const list = document.createElement('dl');
  list.className = 'bars';
  const highest = Math.max(...rows.map(row => row.value), 1);
  for (const row of rows) {
    const [term, bar, value] = [document.createElement('dt'), document.createElement('dd'), document.createElement('dd')];
    term.textContent = row.name;
    bar.append(draw('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      draw('rect', { class: 'bar', width: 100 * row.value / highest, height: 10 })));
    value.textContent = format(row.value);
    value.dataset.figure = row.figure ?? row.name;
    list.append(term, bar, value);
  }
  return list;
}

export const clock = moment => new Date(moment).toLocaleTimeString([], { hour12: false });
