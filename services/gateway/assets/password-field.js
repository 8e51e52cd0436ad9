/* global document */
// What helps somebody who types a password: it can be looked at, and a meter says how hard a new one is to guess. The server decides.
const SHORTEST = 12;
const WORDS = ['Too short', 'Easy to guess', 'Fair', 'Good', 'Strong'];

// From 0 to 4: by its length, and by how many different characters make it up.
export const strengthOf = (password) => {
  const letters = [...password.normalize('NFKC').toLowerCase()];
  if (letters.length < SHORTEST) return 0;
  const different = new Set(letters).size;
  if (different < 6) return 1;
  return 1 + Math.min(3, Math.floor((letters.length - SHORTEST) / 4) + (different >= 10 ? 1 : 0));
};

export const canBeShown = (input) => {
  const label = document.createElement('label');
  label.className = 'hint';
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.addEventListener('change', () => {
    input.type = box.checked ? 'text' : 'password';
  });
  input.form.addEventListener('reset', () => {
    input.type = 'password';
  });
  label.append(box, ' Show it');
  input.after(label);
};

export const withMeter = (input) => {
  const [line, meter, word] = ['p', 'meter', 'span'].map((name) => document.createElement(name));
  line.className = 'hint';
  line.setAttribute('aria-live', 'polite');
  Object.assign(meter, { min: 0, max: 4, low: 2, high: 3, optimum: 4, value: 0 });
  meter.setAttribute('aria-label', 'How hard it is to guess');
  input.addEventListener('input', () => {
    meter.value = strengthOf(input.value);
    word.textContent = input.value === '' ? '' : ` ${WORDS[meter.value]}`;
  });
  line.append(meter, word);
  input.after(line);
};
