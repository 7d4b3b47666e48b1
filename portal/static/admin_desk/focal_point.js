/* The focal point of a picture, chosen on the picture: a click or an arrow key moves the mark and fills in the two numbers
   under it, which stay the plain way. A new file begins in the middle and is shown once it is saved. */
for (const picture of document.querySelectorAll(".focal-point")) {
  const file = document.getElementById(picture.dataset.input);
  const numbers = ["x", "y"].map((axis) => document.getElementById(`${file.id}_focus_${axis}`));
  if (numbers.includes(null)) continue;
  const mark = picture.appendChild(document.createElement("span"));

  const draw = () => [mark.style.left, mark.style.top] = numbers.map((number) => `${number.value}%`);
  const move = (...percents) => {
    percents.forEach((percent, axis) => (numbers[axis].value = Math.max(0, Math.min(100, Math.round(percent)))));
    draw();
  };

  picture.addEventListener("click", (event) => {
    if (!event.detail) return; // a key, which says no place
    const box = picture.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
  picture.addEventListener("keydown", (event) => {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    move(+numbers[0].value + x, +numbers[1].value + y);
  });
  for (const number of numbers) number.addEventListener("input", draw);
  file.addEventListener("change", () => {
    picture.hidden = file.files.length > 0;
    if (picture.hidden) move(50, 50);
  });

  picture.disabled = false;
  draw();
}
