"""Trains the policy of the `cartpole` example by PPO, and writes what the example reads:

  cartpole.safetensors        the checkpoint, with the critic that only training needs
  cartpole_check.safetensors  some states, and what PyTorch's actor makes of them

Run with Python 3.11, torch 2.9.1, numpy 2.4.6 and safetensors 0.8.0, for a minute:

  python train.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.distributions import Categorical

HERE = Path(__file__).parent
POLES, HORIZON, ROUNDS = 128, 64, 120
GAMMA, LAMBDA, CLIP = 0.99, 0.95, 0.2
FORCE, STEP = 10.0, 0.02


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        net = lambda outputs: nn.Sequential(
            nn.Linear(4, 32), nn.ELU(), nn.Linear(32, 32), nn.ELU(), nn.Linear(32, outputs)
        )
        self.actor, self.critic = net(2), net(1)


class Poles:
    """Poles on carts: Barto, Sutton and Anderson (1983), without friction, by Euler's method."""

    def __init__(self, count):
        self.state = torch.zeros(count, 4)
        self.start(torch.ones(count, dtype=torch.bool))

    def start(self, which):
        limits = torch.tensor([1.0, 1.0, 0.2, 1.0])
        self.state[which] = (2 * torch.rand(int(which.sum()), 4) - 1) * limits

    def step(self, push_right):
        x, speed, angle, spin = self.state.T
        force = torch.where(push_right, FORCE, -FORCE)
        cart, pole, half = 1.0, 0.1, 0.5
        sin, cos = angle.sin(), angle.cos()
        pushed = (force + pole * half * spin**2 * sin) / (cart + pole)
        turn = (9.8 * sin - cos * pushed) / (half * (4 / 3 - pole * cos**2 / (cart + pole)))
        move = pushed - pole * half * turn * cos / (cart + pole)
        self.state = self.state + STEP * torch.stack([speed, move, spin, turn], 1)
        # Now and then somebody knocks against a pole.
        knocks = (torch.rand(len(x)) < 0.01) * torch.randn(len(x))
        self.state[:, 3] += knocks
        fallen = (self.state[:, 0].abs() > 2.4) | (self.state[:, 2].abs() > 0.5)
        reward = 1 - 0.1 * self.state[:, 0] ** 2 - self.state[:, 2] ** 2 - 10.0 * fallen
        self.start(fallen)
        return reward, fallen


def experience(model, poles):
    """What the poles did, and how much better each push was than the critic had thought."""
    states, pushes, likelihoods, rewards, falls = [], [], [], [], []
    for _ in range(HORIZON):
        policy = Categorical(logits=model.actor(poles.state))
        push = policy.sample()
        states.append(poles.state)
        pushes.append(push)
        likelihoods.append(policy.log_prob(push))
        reward, fallen = poles.step(push == 1)
        rewards.append(reward)
        falls.append(fallen)
    states.append(poles.state)
    values = model.critic(torch.stack(states)).squeeze(-1)
    advantages, advantage = [], 0.0
    for t in reversed(range(HORIZON)):
        goes_on = (~falls[t]).float()
        surprise = rewards[t] + GAMMA * goes_on * values[t + 1] - values[t]
        advantage = surprise + GAMMA * LAMBDA * goes_on * advantage
        advantages.insert(0, advantage)
    advantages = torch.stack(advantages)
    parts = torch.stack(states[:-1]), torch.stack(pushes), torch.stack(likelihoods), advantages, advantages + values[:-1]
    return [part.flatten(0, 1) for part in parts], int(sum(fallen.sum() for fallen in falls))


torch.manual_seed(0)
torch.set_num_threads(1)
model, poles = ActorCritic(), Poles(POLES)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for round in range(ROUNDS):
    with torch.no_grad():
        data, fallen = experience(model, poles)
    for _ in range(4):
        for batch in torch.randperm(len(data[0])).split(1024):
            state, push, likelihood, advantage, target = (part[batch] for part in data)
            policy = Categorical(logits=model.actor(state))
            ratio = (policy.log_prob(push) - likelihood).exp()
            advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
            gain = torch.min(ratio * advantage, ratio.clamp(1 - CLIP, 1 + CLIP) * advantage).mean()
            error = nn.functional.smooth_l1_loss(model.critic(state).squeeze(-1), target)
            optimizer.zero_grad()
            (0.5 * error - gain - 0.003 * policy.entropy().mean()).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
    if round % 20 == 19:
        print(f"round {round + 1}: {fallen} of {POLES} poles fell in {HORIZON * STEP:.1f} s")

# Without chance: 100 poles for 30 seconds, knocked against as in training.
poles, falls = Poles(100), 0
with torch.no_grad():
    for _ in range(1500):
        _, fallen = poles.step(model.actor(poles.state).argmax(1) == 1)
        falls += int(fallen.sum())
    check = poles.state[:32].contiguous()
    save_file({"input": check, "output": model.actor(check)}, HERE / "cartpole_check.safetensors")
save_file(model.state_dict(), HERE / "cartpole.safetensors")
print(f"{falls} falls in {100 * 1500 * STEP:.0f} s")
