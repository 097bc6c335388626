"""Trains the classifier and writes it where the next step finds it."""

import argparse
from pathlib import Path

import joblib
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

from wine import class_name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()

    features, classes = load_wine(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(features, classes, random_state=0)
    model = RandomForestClassifier(arguments.trees, random_state=0).fit(train_x, train_y)
    arguments.model.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, arguments.model)
    print(f"accuracy={model.score(test_x, test_y):.3f}")
    print(f"first={class_name(model.predict(test_x[:1])[0])}")


if __name__ == "__main__":
    main()
