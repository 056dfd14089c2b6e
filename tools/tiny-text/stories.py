"""Tiny stories from a grammar of our own: the text that the small model of tiny-text learns. Deterministic by seed."""

import random
import re

PEOPLE = [("Lily", "she"), ("Tom", "he"), ("Mia", "she"), ("Ben", "he"), ("Anna", "she"), ("Max", "he"), ("Ella", "she"),
          ("Sam", "he"), ("Nora", "she"), ("Leo", "he"), ("Rosa", "she"), ("Finn", "he"), ("Ida", "she"), ("Paul", "he")]
ANIMALS = ["dog", "cat", "rabbit", "bird", "fox", "bear", "mouse", "duck", "frog", "owl", "horse", "squirrel", "turtle", "goat"]
TRAITS = ["little", "small", "brave", "kind", "curious", "happy", "shy", "clever", "quiet", "friendly", "young", "sleepy"]
PLACES = [("the park", "trees"), ("the forest", "trees"), ("the beach", "waves"), ("the garden", "flowers"), ("the farm", "animals"),
          ("the lake", "boats"), ("the hill", "clouds"), ("the village", "houses"), ("the river", "stones"), ("the meadow", "flowers"),
          ("the market", "people"), ("the harbour", "ships")]
THINGS = ["ball", "kite", "book", "hat", "boat", "drum", "lamp", "shell", "basket", "bell", "key", "map", "scarf", "cup", "whistle"]
COLOURS = ["red", "blue", "green", "yellow", "white", "golden", "purple", "orange", "silver", "brown"]
FOODS = ["an apple", "some bread", "a cake", "some soup", "a pear", "some cheese", "a cookie", "some berries", "a carrot"]
WEATHER = ["sunny", "rainy", "windy", "warm", "cold", "snowy", "bright", "cloudy"]
FEELINGS = ["happy", "proud", "glad", "full of joy", "very happy", "thankful"]
SAD = ["sad", "worried", "afraid", "upset", "lonely", "tired"]
LESSONS = ["friends help each other", "it is good to share", "being kind makes everyone happy", "it is fine to ask for help",
           "trying again is better than giving up", "a small friend can be a big help", "telling the truth is best",
           "patience is worth it", "even small steps lead far"]
GAMES = ["played hide and seek", "sang a song", "danced in a circle", "built a little house", "told each other stories",
         "looked at the sky", "ran as fast as they could", "shared a meal", "drew pictures in the sand"]


class Story:
    """One story: the same people, thing and place from its first sentence to its last."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        pick = self.random.choice
        self.someone_is_animal = self.random.random() < 0.4
        if self.someone_is_animal:
            self.kind = pick(ANIMALS)
            self.name, self.he = pick(PEOPLE)
            self.hero = f"a {pick(TRAITS)} {self.kind} named {self.name}"
        else:
            self.name, self.he = pick(PEOPLE)
            self.hero = f"a {pick(TRAITS)} {'girl' if self.he == 'she' else 'boy'} named {self.name}"
        self.his = {"she": "her", "he": "his"}[self.he]
        self.him = {"she": "her", "he": "him"}[self.he]
        self.friend, self.friend_he = pick([person for person in PEOPLE if person[0] != self.name])
        self.friend_kind = pick([animal for animal in ANIMALS if not self.someone_is_animal or animal != self.kind])
        self.place, self.sight = pick(PLACES)
        self.colour, self.thing = pick(COLOURS), pick(THINGS)
        self.food = pick(FOODS)

    def text(self):
        plot = self.random.choice([self.lost, self.stuck, self.rain, self.share, self.learn, self.find, self.make])
        sentences = self.opening() + plot() + self.ending()
        return self.capital(" ".join(sentences))

    @staticmethod
    def capital(text):
        out, start = [], True
        for letter in text:
            out.append(letter.upper() if start and letter.isalpha() else letter)
            if letter.isalpha():
                start = False
            if letter in ".!?":
                start = True
        return re.sub(r'" (Said|Asked)', lambda word: word.group().lower(), "".join(out))

    def opening(self):
        pick = self.random.choice
        first = pick([f"once upon a time, there was {self.hero}.", f"once there was {self.hero}.",
                      f"one day, {self.hero} went to {self.place}.", f"in a small house near {self.place} lived {self.hero}.",
                      f"there was once {self.hero} who lived near {self.place}."])
        second = pick([f"{self.he} loved to play with {self.his} {self.colour} {self.thing}.",
                       f"{self.name} had a {self.colour} {self.thing} and took it everywhere.",
                       f"it was a {pick(WEATHER)} day and {self.name} wanted to go out.",
                       f"every morning {self.name} looked at the {self.sight} and smiled.",
                       f"{self.his} best friend was a {self.friend_kind} named {self.friend}."])
        return [first, second]

    def met(self):
        pick = self.random.choice
        return pick([f"then {self.he} met a {self.friend_kind} named {self.friend}.",
                     f"just then, a {self.friend_kind} came by. its name was {self.friend}.",
                     f"a {pick(TRAITS)} {self.friend_kind} named {self.friend} saw {self.him}."])

    def lost(self):
        pick = self.random.choice
        return [f"one day, {self.name} could not find the {self.colour} {self.thing}.",
                pick([f"{self.he} looked under the bed and behind the door, but it was not there.",
                      f"{self.he} looked all over {self.place}, but it was gone."]),
                f"{self.name} felt {pick(SAD)}.", self.met(),
                f'"do not cry," said {self.friend}. "we will look for your {self.thing} together."',
                pick([f"they looked near the {self.sight}, and there it was!", f"they found the {self.thing} in {self.place}."])]

    def stuck(self):
        pick = self.random.choice
        return [f"one day, the {self.thing} was stuck high in a tree.",
                f"{self.name} jumped and jumped, but {self.he} could not reach it.", self.met(),
                f'"can you help me?" asked {self.name}.',
                pick([f'"yes, I can climb," said {self.friend}.', f'"yes, stand on my back," said {self.friend}.']),
                f"together they got the {self.colour} {self.thing} down."]

    def rain(self):
        pick = self.random.choice
        return [f"{self.name} walked to {self.place}.", pick(["then it began to rain.", "soon dark clouds came and it began to rain."]),
                f"{self.name} was cold and {pick(SAD)}.", self.met(),
                f'"come into my house," said {self.friend}. "it is warm and dry."',
                f"they sat by the fire and ate {self.food}.", "when the rain stopped, there was a rainbow in the sky."]

    def share(self):
        pick = self.random.choice
        return [f"{self.name} had {self.food} for lunch.", self.met(), f"{self.friend} was hungry and {pick(SAD)}.",
                pick([f'"would you like some?" asked {self.name}.', f'"you can have half," said {self.name}.']),
                f'"thank you!" said {self.friend}.', f"they ate together and looked at the {self.sight}."]

    def learn(self):
        pick = self.random.choice
        skill = pick(["swim", "fly a kite", "ride a bike", "read", "whistle", "climb", "dance", "paint"])
        return [f"{self.name} wanted to learn to {skill}, but it was hard.",
                f"the first time {self.he} tried, it did not work, and {self.he} was {pick(SAD)}.", self.met(),
                f'"try again," said {self.friend}. "I will help you."',
                f"{self.name} tried again and again.", f"at last, {self.he} could {skill}!"]

    def find(self):
        pick = self.random.choice
        box = pick(["a box", "an old chest", "a tiny door", "a hole in the ground"])
        return [f"near {self.place}, {self.name} found {box}.", f'"what is inside?" {self.he} asked.', self.met(),
                f"they opened it together. inside was a {self.colour} {self.thing}!",
                pick([f'"whose {self.thing} is this?" asked {self.friend}.', f'"it is so pretty," said {self.friend}.']),
                pick([f"they gave it back to an old {pick(['man', 'woman'])}, who was {pick(FEELINGS)}.",
                      f"they took the {self.thing} home and kept it safe."])]

    def make(self):
        pick = self.random.choice
        return [f"{self.name} wanted to make a {self.thing} for {self.his} {pick(['mother', 'father', 'sister', 'brother', 'grandmother'])}.",
                f"{self.he} had paper, but no {self.colour} paint.", self.met(),
                f'"I have {self.colour} paint," said {self.friend}.', f"they worked all day and made a {self.colour} {self.thing}.",
                f'"it is the best {self.thing} in the world," said {self.name}.']

    def ending(self):
        pick = self.random.choice
        end = [pick([f"{self.name} was {pick(FEELINGS)}.", f"{self.name} and {self.friend} were {pick(FEELINGS)}.",
                     f"{self.name} hugged {self.friend}."])]
        end.append(pick([f"then they {pick(GAMES)}.", f"after that, {self.name} and {self.friend} {pick(GAMES)}.",
                         f"they {pick(GAMES)} until the sun went down.", f"in the evening, {self.name} went home and slept well."]))
        if self.random.random() < 0.6:
            end.append(pick([f"{self.name} learned that {pick(LESSONS)}.", f"from that day on, they knew that {pick(LESSONS)}.",
                             f"and so {self.name} learned that {pick(LESSONS)}."]))
        else:
            end.append(pick(["they were best friends from that day on.", "and they lived happily ever after.", "the end."]))
        return end


def stories(count, seed):
    """An iterator of that many stories."""
    return (Story(seed * 1_000_003 + number).text() for number in range(count))


if __name__ == "__main__":
    for story in stories(5, 1):
        print(story, end="\n\n")
