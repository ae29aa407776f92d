// A page of this app that brings nothing of its own: what others are weighed against.
export default function BarePage() {
  return <p>Bare</p>;
}
